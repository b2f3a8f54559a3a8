import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { type Engine, type EventOf, type SessionId, SkeinError } from "@skein/protocol"
import { asObject, asTexts, type Json } from "@skein/protocol/json"
import { answerOf, type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"

const CLIENT = "cli_answers"

/** The engine, with a client beside it that answers the model's questions from the file of `--answers`, where one is given. */
export function answeringFrom(engine: Engine, flags: Flags, io: Io): Engine {
  const file = flags.text("answers")
  if (file === undefined) return engine
  const book = bookOf(file, io.cwd)
  const attached = new Set<SessionId>()
  return {
    ask: (query) => engine.ask(query),
    events: (subscription) => engine.events(subscription),
    async submit(op) {
      if (op.type === "turn.submit" && !attached.has(op.sessionId)) {
        attached.add(op.sessionId)
        await answering(engine, op.sessionId, book, (line) => io.err(line))
      }
      return engine.submit(op)
    },
  }
}

/** What is answered: by a question's header or its whole text; `*` for all that are not named. */
function bookOf(file: string, cwd: string): Json {
  const form = `${file} must hold one object of JSON, as {"Header of a question": "its answer", "*": "1"}`
  try {
    const book = asObject(JSON.parse(readFileSync(resolve(cwd, file), "utf8")))
    if (book !== undefined) return book
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) {
      throw new UsageError(`The answers in ${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
    }
  }
  throw new UsageError(`${form}.`)
}

async function answering(
  engine: Engine,
  sessionId: SessionId,
  book: Json,
  tell: (line: string) => void,
): Promise<void> {
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const receipt = await engine.submit({ type: "client.attach", sessionId, clientId: CLIENT, answers: ["question"] })
  if (receipt.status === "rejected") throw new SkeinError(receipt.code, receipt.message)
  // Ends with the session; what it could not answer was told to the model.
  const follow = async () => {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value
      if (event.type === "client.requested" && event.clientId === CLIENT) await answer(engine, sessionId, event, book)
    }
  }
  follow().catch((error: unknown) => tell(`note    Questions are not answered any more: ${String(error)}`))
}

async function answer(engine: Engine, sessionId: SessionId, asked: EventOf<"client.requested">, book: Json) {
  const { requestId, payload } = asked
  const { questions } = QuestionRequest().parse(payload)
  const answers = questions.map((question) => answered(question, book))
  const flaw = answers.find((one) => typeof one === "string")
  const said = flaw === undefined ? { result: { answers } } : { error: flaw }
  await engine.submit({ type: "client.answer", sessionId, clientId: CLIENT, requestId, ...said })
}

/** A sentence for the model where the file has no answer that fits. */
function answered(question: PersonQuestion, book: Json): QuestionAnswer | string {
  const { header } = question
  const found = [question.question, header, "*"].find((key) => Object.hasOwn(book, key))
  const value = found === undefined ? undefined : book[found]
  if (value === undefined) return `The person's prepared answers say nothing about "${header}".`
  const line = Array.isArray(value) ? asTexts(value).join(", ") : String(value)
  const read = answerOf(question, line)
  return typeof read === "string" ? `The person's prepared answer to "${header}" does not fit: ${read}` : read
}
