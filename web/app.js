import { accountCorner, roleChoice } from "./account.js";
import { openAddressed } from "./addressed_file.js";
import { Api, Refusal, Unreachable } from "./api.js";
import { ask, closeDialogues } from "./dialogue.js";
import { Downloads } from "./download.js";
import { button, element } from "./element.js";
import { actionsOf } from "./file_actions.js";
import { FolderView } from "./folder_view.js";
import { counted } from "./measures.js";
import { folderOf, hashOf, keyOfHash, nameOf } from "./object_key.js";
import { mayAt, placeList, placeOf, placesOf } from "./places.js";
import { preview } from "./preview.js";
import { explained, reasonText, refusalView } from "./refusal_view.js";
import { showRequests } from "./requests_view.js";
import { plainName } from "./shown_name.js";
import { SignInFailed, SignInUnreachable, signOutUrl } from "./sign_in.js";
import { Transfers } from "./transfers.js";
import { Uploads } from "./upload.js";

const ROLE = "bucketpass.role";
const OWN_HOME = "home/me/";

/** The page of somebody who is signed in: who they are, where they may go, where they are. */
export class App {
  me = null;
  places = [];
  #roles = [];
  #view = null;
  #frame;
  #account;
  #tokens;
  #config;
  #signedOut;

  /**
   * @param {{config: import("./config.js").Config, tokens: import("./tokens.js").Tokens,
   *   notices: import("./notice.js").Notices, patience: import("./patience.js").Patience,
   *   trace: import("./trace.js").Trace, frame: HTMLElement, account: HTMLElement,
   *   signedOut: (sentence: string) => void}} parts
   */
  constructor({ config, tokens, notices, patience, trace, frame, account, signedOut }) {
    this.#config = config;
    this.#tokens = tokens;
    this.#frame = frame;
    this.#account = account;
    this.#signedOut = signedOut;
    this.notices = notices;
    this.trace = trace;
    this.api = new Api(config.apiUrl, tokens, patience, trace);
    this.api.role = sessionStorage.getItem(ROLE);
    this.transfers = new Transfers();
    this.downloads = new Downloads(this);
    this.uploads = new Uploads(this);
    this.actions = actionsOf(this);
  }

  /** Find out who it is, and show the folder that the address names. */
  async start() {
    addEventListener("hashchange", () => {
      // A dialogue is about what was shown before.
      closeDialogues();
      this.guarded(() => this.#goToAddress());
    });
    addEventListener("unhandledrejection", (event) => {
      if (this.#told(event.reason)) event.preventDefault();
    });
    await this.guarded(() => this.#introduce());
  }

  /** Do it; what goes wrong is told rather than thrown. */
  async guarded(doing) {
    try {
      await doing();
    } catch (error) {
      if (!this.#told(error)) throw error;
    }
  }

  /** Whether the places allow the action at the key. */
  may(action, key) {
    return mayAt(this.places, action, key);
  }

  /** The folder that is shown has changed. */
  async changed(...prefixes) {
    if (this.#view && prefixes.includes(this.#view.prefix)) await this.#view.reload();
  }

  /** Tell a refusal, with what is missing and what would help. */
  async refused(error, action, key) {
    const explanation = error.status === 403 ? await explained(this.api, action, key) : null;
    await ask("Refused", [refusalView(error, explanation, key, { pickRole: (role) => this.#pickRole(role) })],
      [{ label: "Close", value: null }]);
  }

  /** Tell what became of the keys that failed, each with its reason. */
  async reportProblems(title, failed) {
    await ask(title, [
      element("p", {}, `${counted(failed.length, "object")} could not be done. The others are.`),
      element("ul", { class: "report" }, ...failed.map(({ key, problem }) => element("li", {},
        element("code", {}, plainName(key)), " ", problem.message ?? problem.detail))),
    ], [{ label: "Close", value: null }]);
  }

  async explanation(action, key) {
    return reasonText(await explained(this.api, action, key));
  }

  async #introduce() {
    this.#frame.replaceChildren(
      element("main", {}, element("p", { class: "status", role: "status" }, "Loading …")));
    try {
      [this.me, this.places] = await Promise.all([
        this.api.get("/me"), this.api.get("/locations").then(placesOf)]);
      if (this.me.roles.length > 1) await this.#findRoles();
    } catch (error) {
      await this.#introduceOtherwise(error);
      return;
    }
    this.#showAccount();
    await this.#goToAddress();
    this.uploads.recall();
  }

  /** Who has several roles picks one; a role that was theirs once is forgotten. */
  async #introduceOtherwise(error) {
    if (error.code === "role_not_yours" && this.api.role !== null) {
      sessionStorage.removeItem(ROLE);
      this.api.role = null;
      await this.#introduce();
      return;
    }
    if (error.code !== "ambiguous_role") {
      if (!(error instanceof Refusal)) throw error;
      this.#showAccount();
      this.#frame.replaceChildren(element("main", {}, element("section", { class: "panel", role: "alert" },
        element("h1", {}, "Your files cannot be shown now"), element("p", {}, error.message),
        button("Try again", () => this.guarded(() => this.#introduce()), { class: "main" }))));
      return;
    }
    this.#roles = error.problem.choices ?? [];
    this.#showAccount();
    this.#frame.replaceChildren(element("main", {}, roleChoice(this.#roles, (role) => this.#pickRole(role))));
  }

  /** The roles by the names that `role=` knows; a token may also name roles of elsewhere. */
  async #findRoles() {
    const { choices } = await this.api.get("/explain", { action: "list", key: OWN_HOME });
    this.#roles = choices.map(({ role }) => role);
  }

  #pickRole(role) {
    closeDialogues();
    sessionStorage.setItem(ROLE, role);
    this.api.role = role;
    this.guarded(() => this.#introduce());
  }

  #showAccount() {
    const role = this.api.role ?? this.me?.role ?? null;
    this.#account.replaceChildren(...accountCorner({ me: this.me, role, roles: this.#roles }, {
      requests: () => showRequests(this.trace, this.#config.apiUrl),
      signOut: () => this.guarded(() => this.#signOut()),
      pickRole: (name) => this.#pickRole(name),
    }));
  }

  async #goToAddress() {
    const home = this.me?.homePrefix;
    if (home === undefined) return;
    let key = keyOfHash(location.hash) ?? home;
    if (key.startsWith(OWN_HOME)) {
      key = home + key.slice(OWN_HOME.length);
      history.replaceState(null, "", hashOf(key));
    }
    const isFolder = key === "" || key.endsWith("/");
    await this.#show(isFolder ? key : folderOf(key));
    if (!isFolder) await openAddressed(this, this.#view.listing, key);
  }

  async #show(prefix) {
    if (this.#view?.prefix === prefix && this.#frame.contains(this.#view.root)) return;
    this.#view?.end();
    this.#view = new FolderView(this.api, prefix, {
      open: (entry) => this.guarded(() => preview(this, entry)),
      pickRole: (role) => this.#pickRole(role),
      actions: this.actions, places: this.places,
    });
    const place = placeOf(this.places, prefix);
    document.title = `${place?.prefix === prefix ? place.title : plainName(nameOf(prefix))} · Bucketpass`;
    const hadFocus = document.activeElement !== document.body;
    this.#frame.replaceChildren(placeList(this.places, place), this.#view.root, this.transfers.root);
    this.uploads.acceptDrops(this.#view.root, prefix);
    await this.#view.load();
    if (hadFocus) this.#view.grid.focus();
  }

  async #signOut() {
    if (this.transfers.isBusy) {
      const sure = await ask("Sign out?", [
        element("p", {}, "Transfers are on their way; they would be broken off."),
      ], [{ label: "Sign out", value: true }, { label: "Stay", value: null }]);
      if (!sure) return;
    }
    try {
      const accessToken = await this.#tokens.accessToken();
      // Else the refresh token would live on for days.
      await this.api.post("/session/revoke", { accessToken });
    } catch (error) {
      // Out it is all the same.
      if (![Refusal, Unreachable, SignInFailed].some((kind) => error instanceof kind)) throw error;
    }
    this.#tokens.forget();
    sessionStorage.removeItem(ROLE);
    location.assign(signOutUrl(this.#config));
  }

  /** Whether the error was one of those that are told. */
  #told(error) {
    if (error?.name === "AbortError") return true;
    if (error instanceof SignInFailed) {
      this.#view?.end();
      closeDialogues();
      this.#signedOut(error.message);
      return true;
    }
    if (error instanceof Refusal || error instanceof Unreachable || error instanceof SignInUnreachable) {
      this.notices.problem(error.message);
      return true;
    }
    return false;
  }
}
