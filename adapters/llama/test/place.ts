import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TinyModel, tinyModel } from "@skein/testkit/gguf"
import { type LocalServer, localServer, runtimeFolder } from "../src/index.ts"

/** llama.cpp as the lock file has it, where this machine's platform has a package. */
const LIBRARIES = join(
  import.meta.dir,
  "../node_modules/@node-llama-cpp",
  `${process.platform}-${process.arch}`,
  "bins",
)
export const RUNTIME = join(LIBRARIES, `${process.platform}-${process.arch}`)
/** Without it a test is counted as skipped. */
export const HAS_RUNTIME = existsSync(join(RUNTIME, "llama-addon.node"))

export interface Place extends Disposable {
  readonly dir: string
  readonly server: LocalServer
  /** Adds a model made for the test. */
  model(name: string, made?: TinyModel): Promise<void>
}

/** A data folder with llama.cpp in it, and a server over it. */
export function place({ idleMs = 60_000, hasRuntime = HAS_RUNTIME, isRuntimeSilent = false, says = "" } = {}): Place {
  const dir = mkdtempSync(join(tmpdir(), "skein-llama-"))
  const folder = runtimeFolder({ dataDir: dir, programDir: "" })
  mkdirSync(join(dir, "runtime"), { recursive: true })
  if (isRuntimeSilent) {
    mkdirSync(folder)
    writeFileSync(join(folder, "llama-addon.node"), "")
  } else if (hasRuntime) symlinkSync(RUNTIME, folder)
  const server = localServer({
    ...{ dataDir: dir, programDir: join(dir, "nowhere"), modelsDir: join(dir, "models"), cores: 2, idleMs },
    command: isRuntimeSilent
      ? ["/bin/sh", "-c", `echo ${says}; exec sleep 60`]
      : [process.execPath, "run", join(import.meta.dir, "runner-program.ts")],
    now: () => 0,
  })
  return {
    ...{ dir, server },
    async model(name, made) {
      const file = join(dir, `${name}.gguf`)
      writeFileSync(file, tinyModel(made))
      await server.library.add(file)
    },
    [Symbol.dispose]() {
      server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
