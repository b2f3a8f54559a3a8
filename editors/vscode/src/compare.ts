import { readFile } from "node:fs/promises"
import * as vscode from "vscode"
import { hunksAsked } from "./asked.ts"
import { withHunks } from "./hunks.ts"
import type { Session } from "./session.ts"

const SCHEME = "skein-after"

type Question = Session["questions"][number]

/** Shows what is asked about as the editor's own comparison: the file as it is, and as it would be. */
export class Comparisons implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, { readonly approvalId: string; readonly text: string }>()
  readonly #listening = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString())?.text ?? ""
  }

  /** One comparison for each file that the question is about. Says so where a file is not as the diff says. */
  async show(question: Question): Promise<void> {
    const hunks = Map.groupBy(hunksAsked(question), ({ path }) => path)
    for (const [path, own] of hunks) {
      const before = await textOf(path)
      const after = withHunks(before ?? "", own)
      if (after === undefined) {
        void vscode.window.showWarningMessage(`skein: ${path} is not as the diff says. The chat has the diff.`)
        continue
      }
      const right = vscode.Uri.from({ scheme: SCHEME, path, query: question.approvalId })
      this.#texts.set(right.toString(), { approvalId: question.approvalId, text: after })
      const left = before === undefined ? right.with({ query: "nothing" }) : vscode.Uri.file(path)
      const title = `${vscode.workspace.asRelativePath(path, false)} (proposed)`
      await vscode.commands.executeCommand("vscode.diff", left, right, title, { preview: true })
    }
  }

  /** The question is answered, or all are left: its tabs go, but for one with changes that are not saved. */
  async end(approvalId?: string): Promise<void> {
    const isOver = ({ scheme, query }: vscode.Uri) =>
      scheme === SCHEME && (approvalId === undefined || query === approvalId)
    for (const [name, text] of this.#texts) {
      if (approvalId === undefined || text.approvalId === approvalId) this.#texts.delete(name)
    }
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input, isDirty }) => input instanceof vscode.TabInputTextDiff && !isDirty && isOver(input.modified))
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true)
  }

  dispose(): void {
    this.#listening.dispose()
  }
}

/** As the editor has it, else as on disk; undefined where there is no file. */
async function textOf(path: string): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "file" && uri.fsPath === path)
  if (open !== undefined) return open.getText()
  try {
    return await readFile(path, "utf8")
  } catch {
    // A file that the change makes.
    return undefined
  }
}
