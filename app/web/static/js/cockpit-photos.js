/* A photo beside an answer: chosen, sent, shown. Without a network it is not kept, and the page says so. */

import { formToken } from "./queue.js";

export function takePhotos(root, spoken, say) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-attaches]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = "image/png,image/jpeg,image/webp";
    chooser.addEventListener("change", () => { if (chooser.files.length) send(link, chooser.files[0]) });
    chooser.click();
  });

  async function send(link, file) {
    const card = link.closest(".question");
    const told = card.querySelector("[data-by]");
    const before = told.textContent;
    const tell = (words) => {
      told.textContent = words;
      say(words);
    };
    tell(spoken.attaching);
    const form = new FormData();
    form.append("photo", file);
    try {
      const response = await fetch(link.href, { method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": formToken() } });
      const answer = await response.json();
      if (!response.ok) {
        tell(answer.message);
        return;
      }
      add(card, answer.url, file.name);
      told.textContent = before;
      say(spoken.attached);
    } catch (error) {
      tell(spoken.unattached);
    }
  }

  function add(card, url, name) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const picture = document.createElement("img");
    link.href = url;
    Object.assign(picture, { src: url, alt: name, width: 72, height: 54 });
    link.append(picture);
    item.append(link);
    let list = card.querySelector(".photos");
    if (!list) {
      list = document.createElement("ul");
      list.className = "photos";
      card.querySelector(".question-foot").prepend(list);
    }
    list.append(item);
  }
}
