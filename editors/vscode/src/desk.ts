import { realpathSync } from "node:fs"
import type { Event, EventOf, FileRequest, Op, SessionId, SettingsChange } from "@skein/protocol"
import type { QuestionRequest } from "@skein/protocol/questions"
import * as vscode from "vscode"
import { askedOf } from "./asked.ts"
import { Blocks } from "./blocks.ts"
import { changedFiles, takeBack } from "./changes.ts"
import { runLine } from "./commands.ts"
import { Comparisons } from "./compare.ts"
import { alongText, type Looking, lookingAt, partsOf } from "./context.ts"
import { Watch } from "./diagnostics.ts"
import { interview } from "./questions.ts"
import { Session } from "./session.ts"
import { pickSession } from "./sessions.ts"
import type { FromPage, ToPage } from "./shown.ts"
import { answerFile, saveAll } from "./unsaved.ts"
import { LEFT, WireError } from "./wire.ts"

/** What the desk shows itself on. */
export interface Shown {
  tell(message: ToPage): void
  badge(count: number): void
  facts(facts: Session["facts"] | { readonly state: "none" }): void
}

type Answer = Extract<FromPage, { type: "answer" }>

/** The one session that a window has open, and everything that a person does with it. */
export class Desk {
  readonly #shown: Shown
  readonly #watch = new Watch((text) => void this.#tellDiagnostics(text))
  readonly #comparisons = new Comparisons()
  #opening: Promise<Session> | undefined
  #session: Session | undefined
  /** What the chat shows: the conversation of the session, or of the last one. */
  #blocks = new Blocks()
  #looking: Looking | undefined
  #dirtyFrom: number | undefined

  constructor(shown: Shown) {
    this.#shown = shown
    this.looked(vscode.window.activeTextEditor)
  }

  /** The person looks at another file, or chose other lines. */
  looked(editor: vscode.TextEditor | undefined): void {
    // In the chat no editor is active: what was chosen before still goes along.
    if (editor === undefined) return
    this.#looking = lookingAt(editor) ?? this.#looking
    this.#shown.tell({ type: "along", text: alongText(this.#looking) })
  }

  /** Carries out what the page asks for. What goes wrong is said in the chat, or beside it. */
  async take(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.#showAll()
      case "say":
        return this.say(message.text, message.delivery)
      case "answer":
        return this.#answer(message)
      case "compare": {
        const question = this.#session?.questions.find(({ approvalId }) => approvalId === message.approvalId)
        return question && this.#comparisons.show(question)
      }
      case "revert":
        if (this.#session !== undefined) await takeBack(this.#session, message.hunk, message.sha256).catch(warn)
        return this.review()
      case "open": {
        const at = new vscode.Position(Math.max(0, message.line - 1), 0)
        await vscode.window.showTextDocument(vscode.Uri.file(message.path), { selection: new vscode.Range(at, at) })
        return
      }
      case "stop":
        return this.stop()
    }
  }

  async say(text: string, delivery: "steer" | "queue"): Promise<void> {
    const looking = this.#looking
    const session = await this.#opened().catch((error: unknown) => {
      this.#giveBack(text)
      throw error
    })
    await runLine(session, text, {
      open: (sessionId) => this.open(sessionId),
      say: async (line) => {
        if (setting("unsaved") === "save") await saveAll(session.cwd)
        await session.say([line, ...partsOf(looking, session.cwd, setting("diagnostics"))], delivery)
      },
    }).catch((error: unknown) => {
      session.note("error", said(error))
      this.#giveBack(text)
    })
  }

  /** What could not be sent can be sent again. */
  #giveBack(text: string): void {
    this.#shown.tell({ type: "draft", text })
  }

  async stop(): Promise<void> {
    await this.#session?.submit({ type: "turn.interrupt" }).catch(warn)
  }

  /** Shows what the session changed, in the chat. */
  async review(): Promise<void> {
    if (this.#session === undefined) return void vscode.window.showInformationMessage("skein: there is no session yet.")
    this.#shown.tell({ type: "changes", files: await changedFiles(this.#session) })
  }

  /** Leaves the session, and opens another: a new one, or one that is gone on with. */
  async open(sessionId?: SessionId): Promise<void> {
    this.close()
    await this.#opened(sessionId).catch(warn)
  }

  /** Sessions of the folder, newest first, to go on with one. */
  async resume(): Promise<void> {
    const picked = await pickSession(command(), this.#session?.cwd ?? (await this.#folder()))
    if (picked !== undefined) await this.open(picked)
  }

  close(): void {
    this.#session?.close()
    this.#session = undefined
    this.#opening = undefined
    this.#watch.rest()
    void this.#comparisons.end()
    this.#showAll()
  }

  dispose(): void {
    this.close()
    this.#watch.dispose()
    this.#comparisons.dispose()
  }

  #opened(sessionId?: SessionId): Promise<Session> {
    if (this.#opening !== undefined) return this.#opening
    const opening = this.#folder().then((cwd) => {
      // The person went on elsewhere while they were asked for a folder.
      if (this.#opening !== opening) throw new WireError("The session was left.", LEFT)
      return this.#open(cwd, sessionId)
    })
    opening.catch((error: unknown) => {
      if (this.#opening !== opening) return
      this.#opening = undefined
      this.#session = undefined
      this.#changed(this.#blocks.note("error", said(error)))
      this.#showFacts()
    })
    this.#opening = opening
    return opening
  }

  /** That of the file that the person looks at; where that says nothing and there are several, the one they pick. */
  async #folder(): Promise<string> {
    const { workspaceFolders = [] } = vscode.workspace
    const own = this.#looking && vscode.workspace.getWorkspaceFolder(this.#looking.document.uri)
    const picked =
      own ??
      (workspaceFolders.length > 1
        ? await vscode.window.showWorkspaceFolderPick({ placeHolder: "The folder that skein works in" })
        : workspaceFolders[0])
    if (picked === undefined && workspaceFolders.length > 1)
      throw new Error("No folder was chosen: skein works in one.")
    if (picked?.uri.scheme !== "file") throw new Error("Open a folder first: skein works in one.")
    return realpathSync(picked.uri.fsPath)
  }

  async #open(cwd: string, sessionId: SessionId | undefined): Promise<Session> {
    let own: Session | undefined
    const session = await Session.open({
      command: command(),
      cwd,
      sessionId,
      settings: startSettings(),
      answers: setting("unsaved") === "share" ? ["approval", "question", "fs"] : ["approval", "question"],
      onBegun: (begun) => {
        own = begun
        this.#session = begun
        this.#blocks = begun.blocks
        this.#changed(0)
      },
      onBlocks: (from) => this.#changed(from),
      onEvent: (event) => {
        this.#heard(event).catch(warn)
      },
      onFacts: () => this.#showFacts(),
      onEnd: (why) => {
        // Before it is open, whoever opens it hears of it.
        if (this.#session !== own || own?.isOpen !== true) return
        own.note("error", why)
        this.close()
        warn(why)
      },
    })
    this.#showAll()
    return session
  }

  /** Drawn once however many events come together. */
  #changed(from: number): void {
    const isDue = this.#dirtyFrom !== undefined
    this.#dirtyFrom = Math.min(this.#dirtyFrom ?? from, from)
    if (!isDue) setImmediate(() => this.#showBlocks())
  }

  #showBlocks(): void {
    const from = this.#dirtyFrom ?? 0
    this.#dirtyFrom = undefined
    this.#shown.tell({ type: "blocks", from, blocks: this.#blocks.all.slice(from) })
  }

  #showAll(): void {
    this.#changed(0)
    this.#showFacts()
    this.#shown.tell({ type: "along", text: alongText(this.#looking) })
  }

  #showFacts(): void {
    const session = this.#session
    const question = session?.questions[0]
    const title = question && (session?.blocks.titleOf(question.callId) ?? question.subject)
    const facts = session?.facts ?? { state: "none" as const }
    this.#shown.facts(facts)
    this.#shown.tell({ type: "facts", facts })
    this.#shown.tell({ type: "asked", asked: question && title !== undefined ? askedOf(question, title) : null })
    this.#shown.badge(session?.questions.length ?? 0)
  }

  async #heard(event: Event): Promise<void> {
    if (event.type === "turn.ended") this.#watch.rest()
    else if (event.type === "call.settled" || event.type === "files.changed")
      for (const { path } of event.changes ?? []) this.#watch.edited(path, this.#session?.cwd ?? "/")
    else if (event.type === "approval.resolved") await this.#comparisons.end(event.approvalId)
    else if (event.type === "client.requested") await this.#asked(event).catch(warn)
  }

  async #asked(event: EventOf<"client.requested">): Promise<void> {
    const session = this.#session
    if (session === undefined) return
    if (event.kind === "fs") {
      const answer = await answerFile(event.payload as FileRequest).then(
        (result) => ({ result }),
        (error: unknown) => ({ error: said(error) }),
      )
      await session.reply(event, answer)
    } else if (event.kind === "question") {
      const answers = await interview((event.payload as QuestionRequest).questions)
      await session.reply(event, answers === undefined ? { error: "" } : { result: { answers } })
    }
  }

  async #answer({ type: _, approvalId, ...answer }: Answer): Promise<void> {
    const op = { type: "approval.answer", approvalId, ...answer } as Omit<Op<"approval.answer">, "sessionId">
    await this.#session?.submit(op).catch(warn)
  }

  /** New errors join the running turn, and never begin one: a turn that ended meanwhile refuses them. */
  async #tellDiagnostics(text: string): Promise<void> {
    const turnId = this.#session?.turnId
    const isWanted = vscode.workspace.getConfiguration("skein").get("diagnosticsAfterEdits", true)
    if (this.#session === undefined || turnId === undefined || !isWanted) return
    const input = [{ type: "text" as const, text }]
    const op = { type: "turn.submit", delivery: "steer", expectedTurnId: turnId, input } as const
    await this.#session.submit(op).catch((error: unknown) => {
      // Nobody asked for it: the next prompt brings what the editor finds.
      if (!(error instanceof WireError)) throw error
    })
  }
}

function command(): readonly string[] {
  return vscode.workspace.getConfiguration("skein").get<string[]>("command", ["skein"])
}

function setting(name: "unsaved" | "diagnostics" | "model" | "mode"): string {
  return vscode.workspace.getConfiguration("skein").get<string>(name, "")
}

function startSettings(): SettingsChange {
  const [model, mode] = [setting("model"), setting("mode")]
  return { ...(model === "" ? {} : { model }), ...(mode === "" ? {} : { mode: mode as "ask" }) }
}

function warn(error: unknown): void {
  if (error instanceof WireError && error.code === LEFT) return
  void vscode.window.showErrorMessage(`skein: ${said(error)}`)
}

const said = (error: unknown) => (error instanceof Error ? error.message : String(error))
