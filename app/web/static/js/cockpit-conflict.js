/* One question, two answers: both are shown with who and when, and a person chooses. Until then the other one's stands
   beside the question. */

import { inWords } from "./cockpit-cards.js";

const byId = (id) => document.getElementById(id);

/** Take away what stood beside a question while its conflict was open. */
export function settled(card) {
  card.classList.remove("has-conflict");
  const beside = card.querySelector(".overtaken");
  if (beside) beside.remove();
}

/** Show the other answer beside the question, with two buttons: mine (as edited) or theirs. */
export function showBeside(card, entry, spoken, chosen) {
  settled(card);
  const { told } = entry;
  const block = document.createElement("div");
  block.className = "overtaken";
  const line = (words, isStrong) => {
    const place = document.createElement("p");
    const text = document.createElement(isStrong ? "b" : "span");
    text.textContent = words;
    place.append(text);
    block.append(place);
  };
  const who = spoken.who.replace("{who}", told.who || spoken.respondent).replace("{at}", told.at_words);
  line(`${who}${spoken.colon}${told.words}${told.evidence ? ` ${told.evidence}` : ""}`, true);
  if (told.note) line(`${spoken.note}${spoken.colon}${told.note}`);
  if (told.quote) line(`${spoken.quote}${spoken.colon}${told.quote}`);
  const buttons = document.createElement("p");
  [["mine", "edited", "btn-primary"], ["theirs", "theirs", "btn-secondary"]].forEach(([choice, words, kind]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn btn-sm ${kind}`;
    button.textContent = spoken[words];
    button.addEventListener("click", () => chosen(card, entry, choice));
    buttons.append(button, " ");
  });
  block.append(buttons);
  card.classList.add("has-conflict");
  card.querySelector(".question-head").after(block);
}

/**
 * Return open(card, entry): shows what this page holds and what stands (`entry.told`). `chosen(card, entry, choice)` is told
 * "mine", "theirs" or "edit"; closing the dialog chooses nothing.
 */
export function conflictDialog(spoken, chosen) {
  const dialog = byId("conflict");
  let shown = null;

  function list(place, rows) {
    place.textContent = "";
    rows.filter(([, text]) => text).forEach(([name, text]) => {
      const term = document.createElement("dt");
      term.textContent = name;
      const words = document.createElement("dd");
      words.textContent = text;
      place.append(term, words);
    });
  }
  const rows = (answer, evidence, note, quote) => [
    [spoken.answer, answer], [spoken.evidence, evidence], [spoken.note, note], [spoken.quote, quote],
  ];

  dialog.querySelectorAll("[data-chooses]").forEach((button) => {
    button.addEventListener("click", () => {
      const [card, entry] = shown;
      dialog.close();
      chosen(card, entry, button.dataset.chooses);
    });
  });

  return function open(card, entry) {
    const { said, told } = entry;
    shown = [card, entry];
    byId("conflict-question").textContent = `${card.dataset.code} ${card.querySelector("h3").textContent}`;
    byId("conflict-who").textContent = spoken.who.replace("{who}", told.who || spoken.respondent).replace("{at}", told.at_words);
    list(byId("conflict-mine"), rows(inWords(card, said.typed, spoken), said.evidence || spoken.ungraded, said.note, said.quote));
    list(byId("conflict-theirs"), rows(told.words, told.evidence || spoken.ungraded, told.note, told.quote));
    if (!dialog.open) dialog.showModal();
  };
}
