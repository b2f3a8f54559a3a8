import * as vscode from "vscode"
import { Desk } from "./desk.ts"
import { Status } from "./status.ts"
import { ChatView } from "./view.ts"

/** VS Code calls it once, when the window has started. */
export function activate(context: vscode.ExtensionContext): void {
  const status = new Status()
  const view = new ChatView(context.extensionUri, (message) => void desk.take(message).catch(told))
  const desk = new Desk({
    tell: (message) => view.tell(message),
    badge: (count) => view.badge(count),
    facts: (facts) => status.show(facts),
  })
  const { registerCommand } = vscode.commands
  const command = (name: string, act: () => unknown) =>
    registerCommand(`skein.${name}`, () => Promise.resolve(act()).catch(told))
  context.subscriptions.push(
    status,
    desk,
    vscode.window.registerWebviewViewProvider(ChatView.id, view, { webviewOptions: { retainContextWhenHidden: true } }),
    vscode.window.onDidChangeActiveTextEditor((editor) => desk.looked(editor)),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => desk.looked(textEditor)),
    command("chat", () => view.show()),
    command("new", () => desk.open()),
    command("resume", () => desk.resume()),
    command("stop", () => desk.stop()),
    command("review", async () => {
      await view.show()
      await desk.review()
    }),
    command("ask", async () => {
      const text = await vscode.window.showInputBox({ title: "skein", prompt: "What about it?" })
      if (text === undefined || text.trim() === "") return
      await view.show()
      await desk.say(text.trim(), "steer")
    }),
  )
}

function told(error: unknown): void {
  void vscode.window.showErrorMessage(`skein: ${error instanceof Error ? error.message : String(error)}`)
}
