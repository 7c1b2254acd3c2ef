import { h } from "../../js/dom.js";
import { t } from "../../js/messages.js";
import { facesOf } from "./card.js";
import { me } from "./config.js";

const OFFLINE_AFTER = 2000;

/** Who else is here, and whether their changes arrive. */
export class Presence {
  constructor(faces, state) {
    Object.assign(this, { faces, state });
  }

  show(people) {
    const others = people.filter((person) => person.id !== me.id);
    this.faces.replaceChildren();
    if (!others.length) return;
    const names = others.map((person) => person.name).join(", ");
    this.faces.append(h("span", { class: "sr-only" }, t("also_here", { names })), facesOf(others));
    this.faces.lastChild.setAttribute("aria-hidden", "true");
    this.faces.title = t("also_here", { names });
  }

  /** A short gap is nobody's business. */
  showState(state) {
    clearTimeout(this.timer);
    if (state === "live") this.state.hidden = true;
    else this.timer = setTimeout(() => (this.state.hidden = false), OFFLINE_AFTER);
  }
}
