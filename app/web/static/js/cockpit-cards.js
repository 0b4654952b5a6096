/* What the cockpit alone shows of a question: an answer in words, and what is wrong with it. Written for ES2017. */

import { NONE, UNKNOWN, all, box } from "./cards.js";

/** An answer in words, by the labels on the page. */
export function inWords(card, typed, spoken) {
  if (!typed.length) return spoken.empty;
  const named = typed.map((value) => {
    if (value === UNKNOWN) return spoken.unknown;
    if (value === NONE) return spoken.none;
    const input = all(card, "value").find((each) => each.value === value && (each.type === "radio" || each.type === "checkbox"));
    const label = input && card.querySelector(`label[for="${input.id}"]`);
    if (!label) return value;
    const name = label.querySelector(".level-name") || label.querySelector(".level-text");
    return card.dataset.kind === "rows" && /^\d+$/.test(value) ? `${value} ${name.textContent}` : name.textContent;
  });
  return named.join(spoken.joiner);
}

/** Show (or take away) what is wrong with a part of an answer. */
export function showErrors(card, told) {
  card.querySelectorAll("[data-error]").forEach((place) => place.remove());
  card.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  });
  Object.keys(told || {}).forEach((part) => {
    const place = document.createElement("p");
    place.className = "field-error";
    place.id = `${card.id}-${part}-error`;
    place.dataset.error = part;
    place.textContent = told[part];
    const input = part === "value" ? box(card) : card.querySelector(`textarea[name="${card.id}_${part}"]`);
    if (input) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-errormessage", place.id);
      input.closest(".field").append(place);
    } else {
      card.querySelector(".question-more").before(place);
    }
  });
}
