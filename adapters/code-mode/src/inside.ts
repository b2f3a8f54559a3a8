/**
 * What runs in the process before the program: plain JavaScript for `-e`. The first line that it reads brings the program,
 * the modules, and the word that its frames begin with. Whatever the program prints goes to stderr. It holds functions that
 * it needs, so that a program which replaces them breaks nothing but itself.
 */
export const INSIDE = String.raw`
const fs = require("node:fs"), os = require("node:os"), path = require("node:path")
const { parse, stringify } = JSON
const write = fs.writeSync
const END = "__MCP_END__"
const waiting = new Map()
let word = "", folder = "", calls = 0, isOver = false

function put(text) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try { at += write(1, bytes, at, bytes.length - at) }
    catch (error) { if (error.code !== "EAGAIN") throw error; Bun.sleepSync(1) }
  }
}
const frame = (value) => put("\n" + word + stringify(value) + END + "\n")

function placesOf(error) {
  if (error && Array.isArray(error.errors) && error.errors.length > 0) return error.errors.slice(0, 5).map(placesOf).join("\n")
  if (error && error.position) {
    const { line, column, lineText } = error.position
    return error.message + "\n  at program.ts:" + line + ":" + column + "\n  " + lineText
  }
  if (!(error instanceof Error)) return "It threw " + Bun.inspect(error)
  const stack = String(error.stack ?? "").split("\n").filter((line) => line.includes(folder + "/program.ts"))
  const lines = stack.map((line) => line.replaceAll(folder + "/", "")).slice(0, 8)
  const cause = error.cause === undefined ? "" : "\ncaused by " + placesOf(error.cause)
  return error.name + ": " + error.message + (lines.length === 0 ? "" : "\n" + lines.join("\n")) + cause
}
function over(value) {
  if (isOver) return
  isOver = true
  frame(value)
  process.exit(0)
}
const failed = (error) => over({ failed: placesOf(error).slice(0, 8000) })
function finished(value) {
  let json
  try { json = stringify(value === undefined ? null : value) ?? "null" } catch (error) {
    return over({ failed: "The result cannot be written as JSON: " + error.message })
  }
  over(json.length > 2000000
    ? { failed: "The result has " + json.length + " characters as JSON: give less, say a summary or the part that is asked for." }
    : { value: json })
}
function call(tool, args) {
  if (typeof tool !== "string") throw new TypeError("call(tool, input) takes the name of a tool")
  const id = ++calls
  const made = Promise.withResolvers()
  // Where the program called from: the stack of an answer shows nothing of it.
  made.error = new Error()
  waiting.set(id, made)
  frame({ id, tool, args: args ?? {} })
  return made.promise
}
function answered(line) {
  const isError = line.startsWith("__MCP_ERROR__")
  const start = isError ? "__MCP_ERROR__" : "__MCP_RESULT__"
  const { id, text } = parse(line.slice(start.length, -END.length))
  const made = waiting.get(id)
  waiting.delete(id)
  if (isError) return made?.reject(Object.assign(made.error, { name: "ToolError", message: text }))
  let value = text
  if (/^\s*[\[{"\dtfn-]/.test(text)) try { value = parse(text) } catch { value = text }
  made?.resolve(value)
}
async function begin(line) {
  const given = parse(line)
  word = given.word
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "code-")))
  for (const [name, text] of Object.entries(given.modules)) {
    const file = path.join(folder, "node_modules", name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  fs.writeFileSync(folder + "/package.json", '{"type":"module"}')
  fs.writeFileSync(folder + "/program.ts", given.code)
  for (const name of ["log", "info", "debug", "table", "dir"]) console[name] = console.error
  process.stdout.write = process.stderr.write.bind(process.stderr)
  globalThis.call = call
  globalThis.result = finished
  process.on("unhandledRejection", failed)
  process.on("uncaughtException", failed)
  try {
    const made = await import(folder + "/program.ts")
    finished(await made.default)
  } catch (error) { failed(error) }
}
let rest = "", isBegun = false
const decoder = new TextDecoder()
for await (const chunk of Bun.stdin.stream()) {
  const pieces = decoder.decode(chunk, { stream: true }).split("\n")
  pieces[0] = rest + pieces[0]
  rest = pieces.pop()
  for (const line of pieces) {
    if (isBegun) answered(line)
    else { isBegun = true; begin(line).catch(failed) }
  }
}
process.exit(1)
`
