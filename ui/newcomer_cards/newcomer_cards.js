// What a newcomer answers with: questions, categories, and the answers given.

const CALM = 450; // milliseconds in which a new question takes no click: it may be the second half of a double one
const SIGNS = { like: "+", dislike: "−", skip: "?", "": "" };
const NEXT = { "": "like", like: "dislike", dislike: "clear", skip: "like" };

function newQuestion(words) {
  const card = make("li", "question");
  const name = make("div", "name");
  name.append(make("div", "title"), make("div", "subtitle"));
  name.firstChild.dir = "auto";
  const row = make("div", "choices");
  for (const did of ["like", "dislike", "skip"]) {
    const button = make("button", `choice ${did}`);
    button.type = "button";
    button.dataset.did = did;
    button.append(make("span", "sign", SIGNS[did]), make("span", "", words[did]));
    button.firstChild.setAttribute("aria-hidden", "true");
    row.append(button);
  }
  card.append(name, row);
  card.born = performance.now();
  if (!wantsStillness()) card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 180, easing: "ease-out" });
  return card;
}

function drawQuestions(root, data, send) {
  let list = root.querySelector(".questions");
  if (!list) {
    list = make("ol", "questions");
    list.setAttribute("role", "list");
    root.append(list, make("p", "now"));
    root.lastChild.dir = "auto";
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      const card = button?.closest(".question");
      if (!card || card.classList.contains("busy") || (event.detail > 0 && performance.now() - card.born < CALM)) return;
      card.classList.add("busy");
      list.answeredAt = event.detail === 0 ? [...list.children].indexOf(card) : -1;
      list.send("said", { did: button.dataset.did, value: card.dataset.key });
    });
  }
  list.send = send;
  list.setAttribute("aria-label", data.words.questions);
  keep(
    list,
    data.entries,
    (entry) => entry.id,
    () => newQuestion(data.words),
    (card, entry) => {
      card.classList.remove("busy");
      card.style.setProperty("--edge", `var(--slot-${entry.slot})`);
      say(card.querySelector(".title"), entry.title);
      card.querySelector(".title").title = entry.title;
      say(card.querySelector(".subtitle"), entry.subtitle);
      for (const button of card.querySelectorAll("button"))
        button.setAttribute("aria-label", `${data.words[button.dataset.did]}: ${entry.title}`);
    },
  );
  if (list.answeredAt >= 0) list.children[list.answeredAt]?.querySelector("button")?.focus(); // keys go on where they were
  list.answeredAt = -1;
  say(root.querySelector(".now"), data.now);
}

function newChip() {
  const item = make("li");
  const chip = make("button", "chip");
  chip.type = "button";
  chip.append(make("span", "sign"), make("span", "label"), make("span", "note"), make("span", "cross"));
  chip.firstChild.setAttribute("aria-hidden", "true");
  chip.lastChild.setAttribute("aria-hidden", "true");
  item.append(chip);
  return item;
}

function drawChips(root, data, send) {
  const given = data.kind === "answers";
  let list = root.querySelector(".chips");
  if (!list) {
    list = make("ul", "chips");
    list.setAttribute("role", "list");
    root.append(list);
    list.addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (!chip || chip.classList.contains("busy")) return;
      chip.classList.add("busy");
      list.send("said", { did: list.given ? "back" : NEXT[chip.dataset.sign], value: chip.parentElement.dataset.key });
    });
  }
  list.send = send;
  list.given = given;
  list.setAttribute("aria-label", data.words[data.kind]);
  keep(
    list,
    data.entries,
    (entry) => entry.id,
    newChip,
    (item, entry) => {
      const chip = item.firstChild;
      const [sign, label, note, cross] = chip.children;
      chip.classList.remove("busy");
      chip.classList.toggle("told", entry.told);
      chip.dataset.sign = entry.sign;
      say(sign, SIGNS[entry.sign]);
      say(label, entry.label);
      say(note, entry.told ? data.words.told : "");
      say(cross, given ? "×" : "");
      const state = data.words[entry.sign ? `is_${entry.sign}` : "is_open"];
      chip.setAttribute("aria-label", given ? `${data.words.back}: ${entry.label} (${state})` : `${entry.label}: ${state}`);
      chip.title = given ? data.words.back : state;
    },
  );
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rs");
  followTheme(root);
  (data.kind === "questions" ? drawQuestions : drawChips)(root, data, setTriggerValue);
  root.dataset.drawn = data.seq;
}
