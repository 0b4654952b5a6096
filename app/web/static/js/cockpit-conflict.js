/* One question, two answers: both are shown with who and when, and a person chooses. */

import { inWords } from "./cockpit-cards.js";

const byId = (id) => document.getElementById(id);

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
