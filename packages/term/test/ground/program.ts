import { writeSync } from "node:fs"
import { InputDecoder, openTerminal } from "../../src/index.ts"

/** A program that does on each key what a terminal has to survive, and says what it sees. */
const terminal = openTerminal()
if (terminal === undefined) {
  process.stdout.write("no terminal\n")
  process.exit(3)
}
const decoder = new InputDecoder()
const say = (text: string) => terminal.write(`${text}\n`)
/** Past the terminal as it is held, in order with what is written there. */
const tell = (text: string) => void writeSync(1, `${text}\n`)
const actions: Readonly<Record<string, () => void>> = {
  q: () => process.exit(0),
  c: () => terminal.close(),
  s: () => terminal.suspend(),
  x: () => {
    throw new Error("a defect")
  },
  y: () => {
    void Promise.reject(new Error("a defect"))
  },
  b: () => {
    say(`begin${Array.from({ length: 40_000 }, (_, at) => `<${at}>`).join("")}end`)
    say(`congested ${terminal.isCongested}`)
  },
  e: () => void lend(),
  l: () => {
    terminal.cooked()
    const { stdout } = Bun.spawnSync(["head", "-n", "1"], { stdin: "inherit", stderr: "inherit" })
    terminal.raw()
    say(`lent [${stdout.toString().trim()}]`)
  },
}
/** As to an editor: it has the terminal while this program goes on. */
async function lend(): Promise<void> {
  terminal?.cooked()
  const reader = Bun.spawn(["head", "-n", "1"], { stdin: "inherit", stdout: "pipe", stderr: "inherit" })
  tell("reading")
  say("kept back")
  const words = await new Response(reader.stdout).text()
  terminal?.raw()
  say(`lent [${words.trim()}]`)
}
terminal.onInput((bytes) => {
  for (const input of decoder.feed(bytes)) {
    if (input.kind === "key") say(`key ${input.chord}`)
    if (input.kind === "key") actions[input.chord]?.()
  }
})
terminal.onResize(({ columns, rows }) => tell(`size ${columns}x${rows}`))
terminal.onStop(() => say("stopped"))
terminal.onContinue(() => say("continued"))
if (process.argv.includes("--gone")) {
  terminal.onHangUp(() => {
    Bun.write(process.argv.at(-1) ?? "", "gone").then(() => process.exit(7))
  })
}
if (process.argv.includes("--end")) {
  terminal.onEnd((signal) => {
    tell(`asked ${signal}`)
    terminal.close()
    process.exit(5)
  })
}
terminal.useModes({ on: "<on>", off: "<off>", last: "<last>" })
terminal.raw()
say(`ready ${terminal.size.columns}x${terminal.size.rows}`)
