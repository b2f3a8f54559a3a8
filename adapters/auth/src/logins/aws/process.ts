import { delimiter, isAbsolute } from "node:path"
import { SkeinError } from "@skein/protocol"
import { parsedFields } from "../fields.ts"
import type { Ground } from "../ground.ts"
import { type AwsKeys, keysIn } from "./keys.ts"

const TIMEOUT_MS = 60_000
const OUTPUT_BYTES_MAX = 256 * 1024

/**
 * The keys that a program of the person's own gives: `credential_process` of a profile ("Process credential provider", AWS SDKs
 * and Tools Reference Guide). It is started without a shell. Throws SkeinError `login.refused`, without what it wrote.
 */
export async function processKeys(
  command: string,
  profile: string,
  { env, home }: Pick<Ground, "env" | "home">,
): Promise<AwsKeys> {
  const failed = (why: string, cause?: unknown) =>
    new SkeinError("login.refused", `credential_process of the AWS profile ${profile} gave no keys: ${why}.`, { cause })
  const words = wordsOf(command)
  if (words.length === 0) throw failed("it names no program")
  let child: Bun.Subprocess<"ignore", "pipe", "ignore">
  try {
    const own = Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    const limits = { timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: OUTPUT_BYTES_MAX } as const
    // Nothing of the folder that skein works in has a say in which program it is.
    own.PATH = (own.PATH ?? "").split(delimiter).filter(isAbsolute).join(delimiter)
    child = Bun.spawn(words, { cwd: home, env: own, stdin: "ignore", stdout: "pipe", stderr: "ignore", ...limits })
  } catch (cause) {
    throw failed(`${words[0]} cannot be started`, cause)
  }
  const [output, code] = await Promise.all([child.stdout.text(), child.exited])
  if (code !== 0)
    throw failed(child.signalCode === null ? `it ended with ${code}` : `it did not end within ${TIMEOUT_MS / 1000} s`)
  const fields = parsedFields(output)
  const keys = keysIn(fields)
  if (fields?.Version !== 1 || keys === undefined) throw failed("what it wrote is not as AWS has it (Version 1)")
  return keys
}

/** Words as a shell would have them, with quotes and backslashes, and nothing else of a shell. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? []
  return words.map((word) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, escaped, double, single) => escaped ?? (double === undefined ? single : double.replace(/\\(["\\])/g, "$1")),
    ),
  )
}
