// A form with a large file: how far the bytes are, and that it is being looked at after that. The answer takes the place
// of the content of the page. Without script the form is sent as any other.
import { words } from "./words.js";

const MEGA = 1024 * 1024;

export function showProgress(form, renewed) {
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  box.className = "gb-progress";
  form.append(box);
  form.addEventListener("submit", (event) => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    const most = Number(form.dataset.most);
    if (file.size > most * MEGA) {
      box.textContent = words.tooLarge.replace("MOST", most);
      return;
    }
    send(form, box, renewed);
  });
}

function send(form, box, renewed) {
  const bar = document.createElement("progress");
  const said = document.createElement("span");
  bar.setAttribute("aria-label", words.sending);
  box.replaceChildren(bar, said);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  const request = new XMLHttpRequest();
  const failed = () => {
    box.textContent = words.sendingFails;
    buttons.forEach((button) => (button.disabled = false));
  };
  said.textContent = words.sending;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.max = total;
    bar.value = loaded;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    said.textContent = words.looking;
  });
  request.addEventListener("error", failed);
  request.addEventListener("load", () => {
    const found = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = found.querySelector("main");
    if (!main) return failed();
    document.querySelector("main").replaceWith(main);
    document.title = found.title;
    renewed();
    (main.querySelector("[role=alert], section") ?? main).scrollIntoView();
    main.querySelector("h1")?.focus({ preventScroll: true });
  });
  request.open("POST", form.getAttribute("action") ?? location.href);
  request.send(new FormData(form));
}
