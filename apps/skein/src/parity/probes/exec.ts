import { readFileSync } from "node:fs"
import { join } from "node:path"
import { asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import type { Ran } from "../place.ts"
import { must, type Probe } from "./probe.ts"

/** `exec --json`: the lines of a turn, of a thread that is gone on with, of a fork, of a failure; and what is written beside them. */
export const exec: Probe = {
  id: "exec.turns",
  async run(place, { saw }) {
    const open = ["exec", "--json", "-s", "workspace-write"]
    const heard = async (args: readonly string[], input?: string) => told(await place.run(args, input), saw)
    const first = await heard([...open, "run: echo out"])
    must(first.code === 0, `exec ended with ${first.code}: ${first.err}`)
    must(kinds(first.lines).join() === TURN, `A turn told ${kinds(first.lines).join(", ")}`)
    const id = asText(first.lines[0]?.thread_id) ?? ""
    await heard([...open, "write: made.txt"])
    must(readFileSync(join(place.cwd, "made.txt"), "utf8") === "one\n", "The file was not written")
    await heard([...open, "think: on"])
    await heard([...open, "list: it"])
    const again = await heard(["exec", "resume", id, "--json", "more"])
    must(again.lines[0]?.thread_id === id, "resume went on with another thread")
    must(inputTokens(again.lines) === 300, "The counts of a thread are not those of all its turns")
    saw("exec resume", "resume", "turn.completed:cumulative")
    const last = await heard(["exec", "resume", "--last", "--json"], "from stdin")
    must(last.lines[0]?.thread_id === id || last.code === 0, "resume --last found nothing")
    const fork = await heard(["exec", "fork", id, "--json", "other"])
    must(fork.code === 0 && fork.lines[0]?.thread_id !== id, "fork did not begin a thread of its own")
    saw("exec fork", "--last", "prompt:stdin")
    const failed = await heard(["exec", "--json", "-o", "none.txt", "refuse: it"])
    must(failed.code === 1 && kinds(failed.lines).at(-1) === "turn.failed", "A failure did not end in turn.failed")
    const kept = await place.run(["exec", "--ephemeral", "-o", "last.txt", "hello"])
    must(kept.out === "You said: hello\n", "Without --json stdout was not the last message alone")
    must(readFileSync(join(place.cwd, "last.txt"), "utf8") === "You said: hello", "-o did not keep the last message")
    saw("--json", "--sandbox", "--output-last-message", "--ephemeral", "exit:0", "exit:1", "stdout:last message")
    must((await place.run(["exec", "--no-such-flag", "x"])).code === 2, "An unknown flag did not end with 2")
    saw("exit:2")
    return "six turns, a resume, a fork, a failure"
  },
}

const TURN = [
  ...["thread.started", "turn.started", "item.completed", "item.started", "item.completed", "item.completed"],
  "turn.completed",
].join()

function kinds(lines: readonly Json[]): readonly string[] {
  return lines.map(({ type }) => asText(type) ?? "?")
}

function inputTokens(lines: readonly Json[]): unknown {
  return asObject(lines.at(-1)?.usage)?.input_tokens
}

/** Every line is one of the contract: its type and its item's type were to be seen. */
function told({ out, err, code }: Ran, saw: (...ids: string[]) => void) {
  const lines = out.split("\n").flatMap((line) => {
    if (line === "") return []
    const json = parseObject(line)
    must(json !== undefined, `stdout held a line that is no JSON: ${line.slice(0, 80)}`)
    return json === undefined ? [] : [json]
  })
  for (const line of lines) {
    saw(`event:${asText(line.type)}`)
    const item = asObject(line.item)
    if (item !== undefined) saw(`item:${asText(item.type)}`)
  }
  return { lines, err, code }
}
