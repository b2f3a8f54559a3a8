// The only place where code is read for its definitions: a thread of its own, so that no key and no event waits for it.
import { basename, dirname } from "node:path"
import { find } from "./find.ts"
import { callGraph } from "./graph/calls.ts"
import { importGraph } from "./graph/imports.ts"
import { sourceText } from "./keep/source-file.ts"
import { KeptTree } from "./keep/tree.ts"
import { repositoryMap } from "./map/map.ts"
import type { Answer, Answers, Asked, Request } from "./messages.ts"
import { factsOf, isReadable } from "./read/reading.ts"

declare const self: Worker

/** A call waits no longer for a tree to be read; the next one finds what this one read. */
const READ_MS_MAX = 20_000

const stopped = new Set<number>()
let line: Promise<void> = Promise.resolve()

self.addEventListener("message", ({ data: { id, request } }: MessageEvent<Asked>) => {
  if (request === "stop") {
    stopped.add(id)
    return
  }
  // One at a time: each reads as much as the thread can.
  line = line.then(async () => {
    if (!stopped.has(id)) self.postMessage(await answerTo(id, request))
    stopped.delete(id)
  })
})

async function answerTo(id: number, request: Request): Promise<Answer> {
  try {
    return { id, answer: await answered(request, () => !stopped.has(id)) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}

async function answered(request: Request, isWanted: () => boolean): Promise<Answers[keyof Answers]> {
  if (request.kind === "outline") return await outlineOf(request.path)
  const tree = treeOf(request.cacheDir, request.root)
  const untilMs = performance.now() + READ_MS_MAX
  const mayGoOn = () => isWanted() && performance.now() < untilMs
  const files = request.files.split("\0").slice(0, -1)
  const coverage = await tree.refresh({ files }, firstOf(request), mayGoOn)
  switch (request.kind) {
    case "find":
      return { ...coverage, found: find(tree.facts, request.wanted) }
    case "map":
      return { ...coverage, ...repositoryMap(tree.facts, request.wanted) }
    case "graph":
      return { ...coverage, ...(await graphOf(tree, request.wanted, isWanted)) }
  }
}

/** What a question is about is read before the rest. */
function firstOf(request: Exclude<Request, { kind: "outline" }>): (path: string) => boolean {
  const near = nearOf(request).filter((path) => path !== "")
  return (path) => near.some((one) => path === one || path.startsWith(`${one}/`))
}

function nearOf(request: Exclude<Request, { kind: "outline" }>): readonly string[] {
  switch (request.kind) {
    case "find":
      return [request.wanted.within]
    case "map":
      return [request.wanted.within, ...request.wanted.focus]
    case "graph":
      return "path" in request.wanted.of ? [request.wanted.of.path] : []
  }
}

async function outlineOf(path: string) {
  if (!isReadable(path)) return undefined
  const code = sourceText(dirname(path), basename(path))
  if (code === undefined)
    throw new Error("it cannot be read as code: it is too large, not text, or not meant to be read")
  const facts = await factsOf(path, code)
  return facts?.definitions.map(({ start: _start, end: _end, reach: _reach, ...definition }) => definition)
}

function graphOf(tree: KeptTree, wanted: Extract<Request, { kind: "graph" }>["wanted"], mayGoOn: () => boolean) {
  if ("path" in wanted.of) return importGraph(tree.facts, wanted.of.path, wanted)
  return callGraph(tree.facts, tree.root, wanted.of.symbol, { ...wanted, mayGoOn })
}

/** The tree that was asked about last stays open. */
let open: KeptTree | undefined

function treeOf(cacheDir: string, root: string): KeptTree {
  if (open?.root === root) return open
  open?.facts.close()
  open = undefined
  open = new KeptTree(cacheDir, root)
  return open
}
