import { randomBytes } from "node:crypto"
import * as vscode from "vscode"
import { pageHtml } from "./html.ts"
import type { FromPage, ToPage } from "./shown.ts"

/** The chat in the side bar: a page that is told what to show, and tells what the person does. */
export class ChatView implements vscode.WebviewViewProvider {
  static readonly id = "skein.chat"
  readonly #root: vscode.Uri
  readonly #take: (message: FromPage) => void
  #view: vscode.WebviewView | undefined

  /** `root` is the extension's folder. */
  constructor(root: vscode.Uri, take: (message: FromPage) => void) {
    this.#root = root
    this.#take = take
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const folder = vscode.Uri.joinPath(this.#root, "dist")
    const { webview } = view
    webview.options = { enableScripts: true, localResourceRoots: [folder] }
    webview.onDidReceiveMessage((message: FromPage) => this.#take(message))
    view.onDidDispose(() => {
      this.#view = undefined
    })
    this.#view = view
    const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString()
    webview.html = pageHtml({
      script: address("page.js"),
      style: address("page.css"),
      source: webview.cspSource,
      nonce: randomBytes(16).toString("hex"),
    })
  }

  /** Says nothing where there is no page: one that comes later asks for all of it. */
  tell(message: ToPage): void {
    void this.#view?.webview.postMessage(message)
  }

  /** How many questions wait, on the view's icon. */
  badge(count: number): void {
    if (this.#view === undefined) return
    const tooltip = count === 1 ? "skein asks something" : `skein asks ${count} things`
    this.#view.badge = count === 0 ? undefined : { value: count, tooltip }
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${ChatView.id}.focus`)
    this.tell({ type: "focus" })
  }
}
