/**
 * Uses one layer as whoever starts it, step by step, and prints what became of each step as one JSON line. A program of
 * its own, because a test cannot change its user, and must not kill itself.
 */
import { memoryArtifacts } from "@skein/testkit"
import { exec, layers } from "../../src/index.ts"

export interface LayerTask {
  readonly base: string
  readonly steps: readonly LayerStep[]
}

/** `run`: in the layer. `outside`: somebody else, in the real folder. */
export type LayerStep =
  | { readonly run: string; readonly sandbox?: "read-only" | "workspace-write" | "full-access" }
  | { readonly outside: string }
  | "changes"
  | "notes"
  | "keep"
  | "discard"

const task = JSON.parse(process.argv[2] ?? "") as LayerTask
const workspace = `${task.base}/workspace`
const env = { ...process.env, HOME: `${task.base}/home` }
const commands = exec({ artifacts: memoryArtifacts(), env, hidden: [`${task.base}/data`] })
const port = layers({
  folders: [`${task.base}/data/layers`],
  home: env.HOME,
  onRepaired: (said) => console.error(said),
})
const layer = await port.open([workspace])
const results: string[] = []
for (const step of task.steps)
  results.push(await perform(step).catch((error: Error & { code?: string }) => `${error.code}: ${error.message}`))
await layer.discard()
commands.close()
console.log(JSON.stringify(results))

async function perform(step: LayerStep): Promise<string> {
  if (step === "changes") return (await layer.changes()).map(({ path, kind }) => `${kind} ${shown(path)}`).join("\n")
  if (step === "notes") return (await layer.notes()).map(shown).join("\n")
  if (step === "keep" || step === "discard") return await layer[step]().then(() => step)
  if ("outside" in step) return Bun.spawnSync(["sh", "-c", step.outside], { cwd: workspace }).stdout.toString()
  const result = await commands.run({
    command: step.run,
    cwd: workspace,
    sandbox: step.sandbox ?? "workspace-write",
    roots: [workspace],
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    bytesMax: 30_000,
    layer,
  })
  return result.output
}

function shown(path: string): string {
  return path.replaceAll(`${workspace}/`, "")
}
