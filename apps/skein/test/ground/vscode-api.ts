import { readFileSync, writeFileSync } from "node:fs"
import { relative, resolve } from "node:path"

/**
 * As much of VS Code's extension API as the extension uses, behaving as its documentation says, without an editor. A test is
 * the person: it sets settings, opens documents, and answers what is asked. The real editor is driven by another test.
 */

type Listener<T> = (event: T) => void

class Emitter<T> {
  readonly #listeners = new Set<Listener<T>>()
  readonly event = (listener: Listener<T>) => {
    this.#listeners.add(listener)
    return { dispose: () => void this.#listeners.delete(listener) }
  }
  fire(event: T): void {
    for (const listener of this.#listeners) listener(event)
  }
}

export class Uri {
  readonly scheme: string
  readonly path: string
  readonly query: string

  private constructor(scheme: string, path: string, query = "") {
    this.scheme = scheme
    this.path = path
    this.query = query
  }

  static file = (path: string) => new Uri("file", path)
  static from = ({ scheme, path, query }: { scheme: string; path: string; query?: string }) =>
    new Uri(scheme, path, query)
  static joinPath = (base: Uri, ...parts: string[]) => new Uri(base.scheme, [base.path, ...parts].join("/"))

  get fsPath(): string {
    return this.path
  }
  with({ query }: { query: string }): Uri {
    return new Uri(this.scheme, this.path, query)
  }
  toString(): string {
    return `${this.scheme}://${this.path}${this.query === "" ? "" : `?${this.query}`}`
  }
}

export class Position {
  readonly line: number
  readonly character: number
  constructor(line: number, character: number) {
    this.line = line
    this.character = character
  }
}

export class Range {
  readonly start: Position
  readonly end: Position
  constructor(...at: readonly [Position, Position] | readonly [number, number, number, number]) {
    this.start = at.length === 2 ? at[0] : new Position(at[0], at[1])
    this.end = at.length === 2 ? at[1] : new Position(at[2], at[3])
  }
  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character
  }
}

/** A comparison that is open. */
export class TabInputTextDiff {
  readonly original: Uri
  readonly modified: Uri
  constructor(original: Uri, modified: Uri) {
    this.original = original
    this.modified = modified
  }
}

export class ThemeColor {}
export const StatusBarAlignment = { Left: 1, Right: 2 }
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 }

/** An open document. `type` is a person typing: it is not saved then. */
export class Document {
  readonly uri: Uri
  readonly languageId = "plaintext"
  isDirty = false
  #text: string

  constructor(path: string) {
    this.uri = Uri.file(path)
    this.#text = readFileSync(path, "utf8")
    workspace.textDocuments.push(this)
  }
  getText(range?: Range): string {
    // The editor watches files, and shows what is on the disk where nothing is unsaved.
    if (!this.isDirty) this.#text = readFileSync(this.uri.fsPath, "utf8")
    return range === undefined ? this.#text : this.#text.slice(this.#offset(range.start), this.#offset(range.end))
  }
  positionAt(offset: number): Position {
    const before = this.#text.slice(0, offset).split("\n")
    return new Position(before.length - 1, before.at(-1)?.length ?? 0)
  }
  lineAt(line: number): { readonly text: string } {
    return { text: this.#text.split("\n")[line] ?? "" }
  }
  type(text: string): void {
    this.#text = text
    this.isDirty = true
  }
  async save(): Promise<boolean> {
    writeFileSync(this.uri.fsPath, this.#text)
    this.isDirty = false
    return true
  }
  #offset({ line, character }: Position): number {
    const lines = this.#text.split("\n").slice(0, line)
    return lines.reduce((sum, each) => sum + each.length + 1, 0) + character
  }
}

export class WorkspaceEdit {
  readonly edits: { readonly uri: Uri; readonly text: string }[] = []
  /** Of whole documents alone: the extension makes no other. */
  replace(uri: Uri, _range: Range, text: string): void {
    this.edits.push({ uri, text })
  }
}

interface Provider {
  resolveWebviewView(view: unknown): void
}

const commandsKnown = new Map<string, (...args: unknown[]) => unknown>()
const activeEditors = new Emitter<unknown>()
const selections = new Emitter<unknown>()
const diagnosed = new Emitter<{ readonly uris: readonly Uri[] }>()
const found = new Map<string, readonly unknown[]>()

/** The person's side. */
export const person = {
  settings: {} as Record<string, unknown>,
  /** What message boxes said. */
  said: [] as string[],
  /** Commands of the editor itself that the extension ran. */
  ran: [] as string[],
  /** Comparisons that are open. */
  tabs: [] as { readonly input: TabInputTextDiff; readonly isDirty: boolean }[],
  /** The folder of the window that they pick, when they are asked for one. */
  picks: undefined as string | undefined,
  provider: undefined as Provider | undefined,
  select(document: Document, first: number, last: number): void {
    const selection = new Range(first, 0, last, document.lineAt(last).text.length)
    selections.fire({ textEditor: { document, selection } })
  },
  find(path: string, diagnostics: readonly unknown[]): void {
    found.set(Uri.file(path).toString(), diagnostics)
    diagnosed.fire({ uris: [Uri.file(path)] })
  },
  run: (name: string) => commands.executeCommand(name),
  /** A new window on another folder. */
  reset(...folders: string[]): void {
    workspace.workspaceFolders = folders.map((folder) => ({ uri: Uri.file(folder) }))
    workspace.textDocuments.length = 0
    commandsKnown.clear()
    found.clear()
    Object.assign(person, { settings: {}, said: [], ran: [], tabs: [], picks: undefined, provider: undefined })
  },
}

const say = async (text: string) => {
  person.said.push(text)
  return undefined
}

export const window = {
  activeTextEditor: undefined,
  onDidChangeActiveTextEditor: activeEditors.event,
  onDidChangeTextEditorSelection: selections.event,
  showErrorMessage: say,
  showWarningMessage: say,
  showInformationMessage: say,
  showInputBox: async () => undefined,
  showQuickPick: async () => undefined,
  showTextDocument: async () => undefined,
  showWorkspaceFolderPick: async () => workspace.workspaceFolders.find((each) => each.uri.fsPath === person.picks),
  tabGroups: {
    get all() {
      return [{ tabs: person.tabs }]
    },
    async close(tabs: readonly unknown[]): Promise<boolean> {
      person.tabs = person.tabs.filter((each) => !tabs.includes(each))
      return true
    },
  },
  createStatusBarItem: () => ({ show() {}, dispose() {} }),
  registerWebviewViewProvider(_id: string, provider: Provider) {
    person.provider = provider
    return { dispose() {} }
  },
}

export const workspace = {
  workspaceFolders: [] as { readonly uri: Uri }[],
  textDocuments: [] as Document[],
  getConfiguration: (section: string) => ({
    get: (name: string, fallback: unknown) => person.settings[`${section}.${name}`] ?? fallback,
  }),
  getWorkspaceFolder: ({ fsPath }: Uri) =>
    workspace.workspaceFolders.find(({ uri }) => fsPath.startsWith(`${uri.fsPath}/`)),
  asRelativePath: (path: Uri | string) =>
    relative(workspace.workspaceFolders[0]?.uri.fsPath ?? "/", resolve(typeof path === "string" ? path : path.fsPath)),
  registerTextDocumentContentProvider: () => ({ dispose() {} }),
  async applyEdit({ edits }: WorkspaceEdit): Promise<boolean> {
    for (const { uri, text } of edits) {
      workspace.textDocuments.find((each) => each.uri.toString() === uri.toString())?.type(text)
    }
    return true
  },
}

export const languages = {
  onDidChangeDiagnostics: diagnosed.event,
  getDiagnostics: (uri: Uri) => found.get(uri.toString()) ?? [],
}

export const commands = {
  registerCommand(name: string, act: (...args: unknown[]) => unknown) {
    commandsKnown.set(name, act)
    return { dispose: () => void commandsKnown.delete(name) }
  },
  async executeCommand(name: string, ...args: unknown[]): Promise<unknown> {
    person.ran.push(name)
    const [left, right] = args
    if (name === "vscode.diff" && left instanceof Uri && right instanceof Uri) {
      person.tabs.push({ input: new TabInputTextDiff(left, right), isDirty: false })
    }
    return await commandsKnown.get(name)?.(...args)
  },
}
