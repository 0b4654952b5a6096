/* One question, two devices, two answers: both are shown and the person chooses. Written for ES2017. */

import { NONE, UNKNOWN, all } from "./cards.js";

/** An answer in words, by the labels on the page. */
export function inWords(card, typed, spoken) {
  if (!typed.length) return spoken.empty;
  const named = typed.map((value) => {
    const input = all(card, "value").find((each) => each.value === value && (each.type === "radio" || each.type === "checkbox"));
    const label = input && card.querySelector(`label[for="${input.id}"]`);
    if (label) return label.textContent;
    return value === NONE || value === UNKNOWN ? spoken.empty : value;
  });
  return named.join(spoken.joiner);
}

/** Take away what stood in a question while its conflict was open. */
export function takeBothAway(card) {
  card.querySelectorAll(".both").forEach((block) => block.remove());
  card.classList.remove("question-open");
}

/** Show both answers in a question; `chosen("mine" | "theirs")` is told which one the person takes. */
export function showBoth(card, mine, told, chosen) {
  takeBothAway(card);
  const block = document.importNode(document.getElementById("both").content, true).querySelector(".both");
  block.querySelector("[data-mine]").textContent = mine;
  const theirs = block.querySelector("[data-theirs]");
  theirs.previousSibling.textContent = theirs.previousSibling.textContent.replace("{at}", told.at_words);
  theirs.textContent = told.words;
  const note = block.querySelector("[data-note]");
  if (told.note) note.querySelector(".as-typed").textContent = told.note;
  else note.remove();
  block.querySelectorAll("[data-takes]").forEach((button) => {
    button.addEventListener("click", () => chosen(button.dataset.takes));
  });
  card.classList.add("question-open");
  card.querySelector("legend").after(block);
}
