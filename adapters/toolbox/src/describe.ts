import { ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { type Description, describedBy, fromObject, frontComment } from "./description.ts"
import type { Script } from "./find.ts"
import type { ToolboxOptions } from "./options.ts"
import { runScript } from "./run.ts"

const DESCRIBE_MS = 10_000

/** What a script is: as the file beside it says, or its front comment, or itself when it is asked. A string: why it is none. */
export async function descriptionOf(
  script: Script,
  cwd: string,
  options: ToolboxOptions,
): Promise<Description | string> {
  const { sidecar, base, bytes } = script
  if (sidecar !== undefined) return besides(sidecar, base)
  const front = frontComment(new TextDecoder().decode(bytes.subarray(0, FRONT_BYTES)), base)
  return front ?? (await asked(script, cwd, options))
}

const FRONT_BYTES = 16_384

function besides({ path, text }: NonNullable<Script["sidecar"]>, base: string): Description | string {
  try {
    const given = path.endsWith(".toml") ? Bun.TOML.parse(text) : JSON.parse(text)
    return fromObject(asObject(given) ?? {}, base)
  } catch (error) {
    if (error instanceof Error) return `${path} cannot be read: ${error.message.split("\n")[0]}`
    throw error
  }
}

/** It looks at nothing of anybody's while it says what it is: it has no network, and no more of the environment than a stranger. */
async function asked(script: Script, cwd: string, options: ToolboxOptions): Promise<Description | string> {
  try {
    const { output, errors, exitCode, isTimedOut } = await runScript(
      script,
      {
        ...{ action: "describe", cwd, sandbox: "read-only", roots: [cwd], environment: "minimal", input: "" },
        ...{ timeoutMs: DESCRIBE_MS, signal: new AbortController().signal },
      },
      options,
    )
    if (isTimedOut) return `it did not say what it is within ${DESCRIBE_MS / 1000} s (TOOLBOX_ACTION=describe)`
    if (exitCode !== 0) return `asked what it is (TOOLBOX_ACTION=describe), it failed: ${lastLine(errors) || exitCode}`
    return describedBy(new TextDecoder().decode(output), script.base)
  } catch (error) {
    if (error instanceof ToolFailure || error instanceof SkeinError) return error.message
    throw error
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.slice(0, 200) ?? ""
