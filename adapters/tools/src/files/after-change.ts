import type { RunContext } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import type { AfterChange, AfterStep, Written } from "./after-step.ts"

/** In order; each sees what the ones before it left. Loaded when there is something to do for it. */
const STEPS: readonly AfterStep[] = [
  async (world, context, written) =>
    world.onDisk === undefined ? {} : (await import("../client/step.ts")).afterClient(world, context, written),
  async (world, context, written) =>
    world.format === undefined ? {} : (await import("../format/step.ts")).formatFiles(world, context, pathsOf(written)),
  async (world, context, written) =>
    world.code === undefined
      ? {}
      : (await import("../code/step.ts")).introducedErrors(world.code, context, pathsOf(written)),
]

const pathsOf = (written: readonly Written[]) => written.map(({ path }) => path)

/** What every tool that changes files does first, so that what comes of it can be told from what was there. */
export async function beforeChange({ code }: ToolWorld, context: RunContext, paths: readonly string[]): Promise<void> {
  const { roots, signal, layer } = context
  if (layer === undefined) await code?.beforeChange(paths, { roots, signal })
}

/** What every tool that changes files does afterwards, of files that are there. */
export async function afterChange(
  world: ToolWorld,
  context: RunContext,
  written: readonly Written[],
): Promise<AfterChange> {
  const done: Partial<AfterChange>[] = []
  // A call that is stopped has changed what it changed; nothing is begun for it any more.
  for (const step of STEPS) if (!context.signal.aborted) done.push(await step(world, context, written))
  return {
    rewritten: done.flatMap(({ rewritten = [] }) => rewritten),
    notes: done.flatMap(({ notes = [] }) => notes),
    shown: done.find(({ shown }) => shown !== undefined)?.shown,
  }
}
