import { type Skein, type StartOptions, startSkein } from "@skein/sdk"
import { BINARY } from "./binary.ts"
import { type Said, type Talking, talking } from "./talking.ts"

export interface Embedded extends Talking {
  readonly skein: Skein
  /** Another program on the same machine. */
  start(options?: StartOptions): Promise<Skein>
  [Symbol.asyncDispose](): Promise<void>
}

/** A person's own program that leads skein, on a machine whose model gives these replies. */
export async function embedded(...replies: readonly Said[]): Promise<Embedded> {
  const talk = talking(...replies)
  const started: Skein[] = []
  const start = async (options: StartOptions = {}) => {
    const { cwd, env } = talk.scene
    const skein = await startSkein({ path: BINARY, cwd, env, ...options })
    started.push(skein)
    return skein
  }
  return {
    ...talk,
    skein: await start(),
    start,
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((skein) => skein.close()))
      talk[Symbol.dispose]()
    },
  }
}
