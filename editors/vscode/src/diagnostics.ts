import * as vscode from "vscode"
import { diagnosticLine } from "./context.ts"
import { nameOf } from "./names.ts"

/** Watches what the editor finds in files that skein changed, and tells what was not there before. */
export class Watch {
  /** What is known of a file, by its address. */
  readonly #known = new Map<string, { readonly name: string; readonly keys: Set<string> }>()
  readonly #tell: (text: string) => void
  readonly #listening: vscode.Disposable

  constructor(tell: (text: string) => void) {
    this.#tell = tell
    this.#listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) this.#changed(uri)
    })
  }

  /** A file was changed: what the editor finds now was there before. `cwd` is skein's. */
  edited(path: string, cwd: string): void {
    const uri = vscode.Uri.file(path)
    if (this.#known.has(uri.toString())) return
    this.#known.set(uri.toString(), { name: nameOf(uri, cwd), keys: new Set(serious(uri).map(keyOf)) })
  }

  /** The turn is over: what comes now goes with the next prompt. */
  rest(): void {
    this.#known.clear()
  }

  dispose(): void {
    this.#listening.dispose()
  }

  #changed(uri: vscode.Uri): void {
    const known = this.#known.get(uri.toString())
    if (known === undefined) return
    const fresh = serious(uri).filter((each) => !known.keys.has(keyOf(each)))
    if (fresh.length === 0) return
    for (const each of fresh) known.keys.add(keyOf(each))
    const lines = fresh.map((each) => diagnosticLine(known.name, each))
    this.#tell(["The editor's diagnostics after the edit:", ...lines].join("\n"))
  }
}

function serious(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
}

/** Its place is not part of it: an edit moves what stands below. */
const keyOf = ({ severity, message }: vscode.Diagnostic) => `${severity} ${message}`
