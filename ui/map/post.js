// Hands one message to the map of the same key, or leaves it for the map to find. Short on purpose: it travels with
// every slider step.
const hub = (globalThis[Symbol.for("recallscope.map")] ??= { box: new Map(), views: new Map(), kept: new Map() });

export default function ({ data }) {
  const slot = `${data.map}/${data.kind}`;
  hub.box.set(slot, data);
  hub.views.get(data.map)?.receive(data);
  return () => hub.box.get(slot) === data && hub.box.delete(slot);
}
