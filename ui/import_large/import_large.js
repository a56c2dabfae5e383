// Tells the server which files the upload field turned away for their size; the field itself keeps them to itself.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rs");
  root.stop?.();
  const look = (event) => {
    if (!event.target.closest?.('[data-testid="stFileUploader"]')) return;
    const files = [...(event.target.files ?? event.dataTransfer?.files ?? [])];
    const large = files.filter((file) => file.size > data.limit).map(({ name, size }) => ({ name, size }));
    if (large.length || (files.length && data.said)) setTriggerValue("large", large);
  };
  const events = ["change", "drop"];
  for (const name of events) document.addEventListener(name, look, true);
  root.stop = () => events.forEach((name) => document.removeEventListener(name, look, true));
  return () => root.stop();
}
