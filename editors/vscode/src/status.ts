import * as vscode from "vscode"
import type { Facts } from "./shown.ts"
import { ChatView } from "./view.ts"

const WORDS = {
  none: "skein",
  idle: "skein",
  running: "$(sync~spin) skein works",
  waiting: "$(question) skein asks",
} as const

/** How the session is, in the status bar; a click shows the chat. */
export class Status {
  readonly #item = vscode.window.createStatusBarItem("skein.status", vscode.StatusBarAlignment.Right, 100)

  constructor() {
    this.#item.name = "skein"
    this.#item.command = `${ChatView.id}.focus`
    this.show({ state: "none" })
    this.#item.show()
  }

  show({ state, model, mode, context }: Facts): void {
    this.#item.text = WORDS[state]
    this.#item.tooltip = [mode, model, ...(context === undefined ? [] : [`context ${context} %`])]
      .filter(Boolean)
      .join(" · ")
    this.#item.backgroundColor =
      state === "waiting" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined
  }

  dispose(): void {
    this.#item.dispose()
  }
}
