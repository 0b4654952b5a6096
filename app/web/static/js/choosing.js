/* Choosing all rows of a list at once, or none: a button that only browsers with scripts need. */

for (const button of document.querySelectorAll("[data-chooses]")) {
  const boxes = () => [...button.form.querySelectorAll(`input[name="${button.dataset.chooses}"]`)];
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes().every((box) => box.checked);
    boxes().forEach((box) => { box.checked = !all });
  });
}
