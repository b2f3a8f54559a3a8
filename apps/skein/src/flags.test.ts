import { expect, test } from "bun:test"
import { type Flag, nearest, nearVerb, parseFlags } from "./flags.ts"

const KNOWN: readonly Flag[] = [
  { name: "mode", kind: "string", value: "mode", choices: ["ask", "auto"], summary: "" },
  { name: "model", short: "m", kind: "string", value: "name", summary: "" },
  { name: "image", short: "i", kind: "list", value: "file", summary: "" },
  { name: "print", short: "p", aliases: ["say"], kind: "boolean", summary: "" },
]

test("flags and words may stand in any order, and nothing after -- is a flag", () => {
  const { flags, words, rest } = parseFlags(["a", "-m", "x/y", "--image=1", "b", "-i", "2", "-p", "--", "-m"], KNOWN)

  expect({ words, rest, model: flags.text("model"), images: flags.list("image"), print: flags.has("print") }).toEqual({
    words: ["a", "b"],
    rest: ["-m"],
    model: "x/y",
    images: ["1", "2"],
    print: true,
  })
})

test("the last value of a flag holds, and an alias is the flag itself", () => {
  const { flags } = parseFlags(["-m", "a", "--model", "b", "--say"], KNOWN)

  expect([flags.text("model"), flags.has("print")]).toEqual(["b", true])
})

test("a dash alone is a word, and a value may look like a flag", () => {
  const { flags, words } = parseFlags(["-", "--model", "--mode"], KNOWN)

  expect([words, flags.text("model")]).toEqual([["-"], "--mode"])
})

test("what is wrong is said with what there is", () => {
  const said = (...argv: string[]) => {
    try {
      parseFlags(argv, KNOWN)
      return "nothing"
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  expect([said("--modle", "x"), said("--mode", "no"), said("--model"), said("--print=1"), said("--zzzzzzzz")]).toEqual([
    "Unknown flag --modle. Did you mean --model?",
    '--mode is one of ask, auto, not "no".',
    "--model needs a value: --model name.",
    "--print takes no value.",
    "Unknown flag --zzzzzzzz.",
  ])
})

test("a lenient reading passes over what it does not know", () => {
  expect(parseFlags(["--new-thing", "hello"], KNOWN, true).words).toEqual(["hello"])
})

test("the nearest word is the likeliest slip", () => {
  const near = (word: string) => nearest(word, ["--mode", "--model", "resume", "models"]).replace(/^ Did you mean /, "")
  expect(["--modle", "--mod", "resmue", "modles", "xyz"].map(near)).toEqual([
    "--model?",
    "--mode?",
    "resume?",
    "models?",
    "",
  ])
})

test("a slip of a verb is seen in a word of four letters or more, and a short word is a prompt", () => {
  const verbs = [{ name: "resume" }, { name: "models" }, { name: "help" }, { name: "run" }]
  const seen = ["resme", "modls", "halp", "help", "hi", "rnu", "why?", "explain", "--help"].map((word) =>
    nearVerb(word, verbs),
  )

  expect(seen).toEqual(["resume", "models", "help", "help", undefined, undefined, undefined, undefined, undefined])
})

test("an unknown flag of one letter is near to nothing", () => {
  expect(nearest("-v", ["-p", "-m"])).toBe("")
})

test("a host's word for a mode is left to the front-end that speaks with it, and refused from anyone else", () => {
  const mode = { name: "mode", kind: "string", value: "mode", choices: ["ask"], hostChoices: ["dontAsk"], summary: "" }
  const known = [mode as Flag]

  expect(parseFlags(["--mode", "dontAsk", "words"], known, true)).toMatchObject({ words: ["words"] })
  expect(parseFlags(["--mode=dontAsk"], known, true).flags.has("mode")).toBe(false)
  expect(() => parseFlags(["--mode=dontAsk"], known)).toThrow("--mode is one of ask")
  expect(() => parseFlags(["--mode=nope"], known, true)).toThrow("--mode is one of ask")
})
