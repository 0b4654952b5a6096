/* Photos beside answers: made smaller on the phone, kept there until the server has them. Written for ES2017. */

import { formToken, renewToken } from "./queue.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const THUMB = 64;
const TRY_AGAIN = 20000;
const STORE = "photos";

/** One store of the browser; every call is a promise that fails where the browser keeps nothing. */
function shelf() {
  let opened = null;
  const open = () => {
    if (!opened) {
      opened = new Promise((resolve, reject) => {
        const asked = indexedDB.open("zm-respond", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    }
    return opened;
  };
  const act = async (mode, does) => {
    const store = (await open()).transaction(STORE, mode).objectStore(STORE);
    return new Promise((resolve, reject) => {
      const asked = does(store);
      store.transaction.oncomplete = () => resolve(asked.result);
      store.transaction.onabort = () => reject(store.transaction.error);
    });
  };
  return {
    all: () => act("readonly", (store) => store.getAll()),
    put: (photo) => act("readwrite", (store) => store.put(photo)),
    drop: (key) => act("readwrite", (store) => store.delete(key)),
  };
}

function readAs(file, how) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader[how](file);
  });
}

async function drawn(file) {
  const picture = new Image();
  const source = await readAs(file, "readAsDataURL");
  await new Promise((resolve, reject) => {
    picture.onload = resolve;
    picture.onerror = reject;
    picture.src = source;
  });
  return picture;
}

function scaled(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Return the photos of a questionnaire: showWaiting(cards), send(), waiting(), forget(), start(). */
export function takePhotos(spoken, cardOf) {
  const kept = shelf();
  const mine = async () => {
    try {
      return (await kept.all()).filter((photo) => photo.response === spoken.response);
    } catch (error) {
      return [];
    }
  };
  let sending = null;
  let timer = null;

  const tell = (item, words) => {
    const card = cardOf(item);
    if (card) card.querySelector("[data-photo-says]").textContent = words;
  };

  function add(card, photo) {
    const place = card.querySelector(".pictures");
    if (!place || place.querySelector(`[data-key="${photo.key}"]`)) return;
    const picture = document.createElement("img");
    Object.assign(picture, { src: photo.thumb, alt: photo.name, width: THUMB, height: THUMB });
    picture.dataset.key = photo.key;
    place.append(picture);
    place.closest("details").open = true;
  }

  function remove(photo) {
    const card = cardOf(photo.item);
    const picture = card && card.querySelector(`.pictures [data-key="${photo.key}"]`);
    if (picture) picture.remove();
  }

  async function post(photo) {
    const form = new FormData();
    form.append("photo", new Blob([photo.data], { type: "image/jpeg" }), photo.name);
    const headers = { Accept: "application/json", "X-CSRFToken": formToken() };
    const response = await fetch(photo.url, { method: "POST", body: form, headers });
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    return { status: response.status, body: isJson ? await response.json() : {} };
  }

  /** Send one photo; true when it need not be kept any longer. */
  async function deliver(photo) {
    tell(photo.item, spoken.attaching);
    let answer;
    try {
      answer = await post(photo);
      if (answer.status === 403) {
        await renewToken(spoken.token);
        answer = await post(photo);
      }
    } catch (error) {
      return false;
    }
    if (answer.status === 200) {
      tell(photo.item, spoken.attached);
      return true;
    }
    if (answer.status !== 422) return false;
    remove(photo);
    tell(photo.item, answer.body.message);
    return true;
  }

  async function sendAll() {
    clearTimeout(timer);
    const waiting = await mine();
    for (const photo of waiting) {
      if (!(await deliver(photo))) {
        waiting.forEach((each) => tell(each.item, spoken.photoWaits));
        timer = setTimeout(send, TRY_AGAIN);
        break;
      }
      await kept.drop(photo.key);
    }
    return (await mine()).length;
  }

  /** Send what waits, one after the other; return how many wait still. */
  function send() {
    if (!sending) {
      sending = sendAll();
      sending.catch(() => {}).then(() => { sending = null });
    }
    return sending;
  }

  async function take(link, file) {
    const { item } = link.closest(".question").dataset;
    let photo;
    try {
      const picture = await drawn(file);
      const blob = await new Promise((resolve) => { scaled(picture, LONGEST_SIDE).toBlob(resolve, "image/jpeg", QUALITY) });
      const bytes = crypto.getRandomValues(new Uint8Array(8));
      photo = {
        key: Array.from(bytes, (byte) => byte.toString(16)).join("-"),
        response: spoken.response,
        item,
        url: link.getAttribute("href"),
        name: file.name || "photo.jpg",
        data: await readAs(blob, "readAsArrayBuffer"),
        thumb: scaled(picture, 2 * THUMB).toDataURL("image/jpeg", QUALITY),
      };
    } catch (error) {
      tell(item, spoken.unreadable);
      return;
    }
    add(link.closest(".question"), photo);
    try {
      await kept.put(photo);
    } catch (error) {
      /* Nothing is kept here: it goes now or not at all. */
      if (!(await deliver(photo))) {
        remove(photo);
        tell(item, spoken.unattached);
      }
      return;
    }
    await send();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-attaches]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const chooser = document.createElement("input");
    Object.assign(chooser, { type: "file", accept: "image/*", hidden: true });
    chooser.addEventListener("change", () => {
      if (chooser.files.length) take(link, chooser.files[0]);
      chooser.remove();
    });
    /* Some browsers inside other programs tell nothing of a chooser outside the page. */
    document.body.append(chooser);
    chooser.click();
  });

  return {
    send,
    waiting: async () => (await mine()).length,
    forget: async () => { for (const photo of await mine()) await kept.drop(photo.key) },
    async showWaiting(cards) {
      const waiting = await mine();
      waiting.forEach((photo) => {
        const card = cards.find((each) => each.dataset.item === photo.item);
        if (card) {
          add(card, photo);
          tell(photo.item, spoken.photoWaits);
        }
      });
    },
    start() {
      window.addEventListener("online", send);
      send();
    },
  };
}
