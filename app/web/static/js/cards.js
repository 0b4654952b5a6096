/* Questions on a page, the cockpit's and the respondent's: what their inputs say, how to put an answer into them.
   Written for ES2017. */

/** What "none of these" and "don't know" send. */
export const NONE = "[]";
export const UNKNOWN = "unknown";

/** The inputs of a part of an answer. */
export const all = (card, end) => Array.from(card.querySelectorAll(`[name="${card.id}_${end}"]`));
const words = (card, end) => {
  const box = card.querySelector(`[name="${card.id}_${end}"]`);
  return box ? box.value.trim() : "";
};

/** The strings the inputs of an answer hold, as a form would send them. */
export function typedIn(card) {
  const { kind } = card.dataset;
  const ticked = all(card, "value").filter((input) => input.checked && input.value).map((input) => input.value);
  if (kind === "rows" || kind === "ticks" || ticked.length) return ticked;
  const text = box(card).value.trim();
  return text ? [text] : [];
}

/** The box an answer is typed into; null where it is picked. */
export function box(card) {
  return card.querySelector("[data-types]");
}

/** What the page says to a question: the answer as JSON, what stands beside it, and the strings as typed. */
export function saidIn(card) {
  const typed = typedIn(card);
  const graded = all(card, "evidence").find((input) => input.checked);
  return {
    value: asJson(card.dataset.kind, typed),
    evidence: (graded && graded.value) || null,
    note: words(card, "note"),
    quote: words(card, "quote"),
    typed,
  };
}

function asJson(kind, typed) {
  if (!typed.length) return null;
  if (kind !== "ticks" || typed[0] === UNKNOWN) return typed[0];
  return typed.filter((value) => value !== NONE);
}

/** Whether an answer of the page and one of the server say the same. */
export function isSame(said, standing) {
  const one = [said.typed.join("\n"), said.evidence || "", said.note, said.quote || ""];
  const other = [standing.typed.join("\n"), standing.evidence || "", standing.note.trim(), (standing.quote || "").trim()];
  return one.every((text, place) => text === other[place]);
}

/** A long row of digits is read back in words of the language: 36000000 as 3600万, or as 36,000,000. */
export function readBack(card) {
  const place = card.querySelector("[data-reads]");
  if (!place) return;
  const typed = box(card).value.trim();
  const isLong = /^-?\d{5,15}(\.\d+)?$/.test(typed);
  const isHan = document.documentElement.lang.startsWith("zh");
  place.textContent = isLong ? `= ${isHan ? inMyriads(Number(typed)) : Number(typed).toLocaleString("en")}` : "";
}

function inMyriads(number) {
  const [scale, word] = Math.abs(number) < 1e8 ? [1e4, "万"] : [1e8, "亿"];
  return `${(number / scale).toLocaleString("en", { maximumFractionDigits: 8, useGrouping: false })}${word}`;
}

/** Put an answer into the inputs: {typed, evidence, note, quote}. */
export function show(card, answer) {
  const chosen = new Set(answer.typed.length ? answer.typed : [""]);
  all(card, "value").forEach((input) => {
    if (input.type === "radio" || input.type === "checkbox") input.checked = chosen.has(input.value) && (input.type === "radio" || input.value !== "");
  });
  const typing = box(card);
  if (typing) typing.value = answer.typed.length && answer.typed[0] !== UNKNOWN ? answer.typed[0] : "";
  all(card, "evidence").forEach((input) => { input.checked = input.value === (answer.evidence || "") });
  ["note", "quote"].forEach((end) => {
    const area = card.querySelector(`[name="${card.id}_${end}"]`);
    if (area) area.value = answer[end] || "";
  });
}

/** "None of these" and "don't know" stand alone: take away what contradicts the input just changed. */
export function keepSense(card, input) {
  if (input === box(card)) {
    all(card, "value").forEach((other) => { if (other.checked && input.value.trim()) other.checked = false });
    return;
  }
  if (!input.checked || input.type !== "checkbox") return;
  const alone = input.value === NONE || input.value === UNKNOWN;
  all(card, "value").forEach((other) => {
    if (other === input || other.type !== "checkbox") return;
    if (alone || other.value === NONE || other.value === UNKNOWN) other.checked = false;
  });
  const typing = box(card);
  if (typing && input.value === UNKNOWN) typing.value = "";
}

/** Take the answer back; note and quote stay. */
export function clear(card) {
  all(card, "value").forEach((input) => { if (input.type === "radio" || input.type === "checkbox") input.checked = input.type === "radio" && input.value === "" });
  const typing = box(card);
  if (typing) typing.value = "";
}
