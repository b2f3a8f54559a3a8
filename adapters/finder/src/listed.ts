/** Files of a folder, and the folders they are in, each before what is in it and ending in `/`. */
export interface Listed {
  readonly paths: readonly string[]
  readonly isCut: boolean
}

const NAMES_MAX = 200_000
const DEADLINE_MS = 20_000
/** Names that cannot be told in a line are left out: nobody could see what they choose. */
const UNTELLABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffd]/u

/** By ripgrep, with its ignore rules, in its own order: sorted where it is shown. */
export async function listed(ripgrep: string, root: string): Promise<Listed> {
  const args = ["--no-config", "--files", "--hidden", "--null", "--no-messages", "--no-require-git", "--glob=!.git"]
  const child = Bun.spawn([ripgrep, ...args], { cwd: root, env: {}, stdio: ["ignore", "pipe", "ignore"] })
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS)
  const files: string[] = []
  let rest = ""
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split("\0")
    rest = pieces.pop() ?? ""
    for (const name of pieces) if (!UNTELLABLE.test(name)) files.push(name)
    if (files.length >= NAMES_MAX) child.kill("SIGKILL")
  }
  await child.exited
  clearTimeout(timer)
  const isCut = child.signalCode !== null
  return { paths: withFolders(files.slice(0, NAMES_MAX).sort()), isCut }
}

function withFolders(files: readonly string[]): readonly string[] {
  const all = new Set<string>()
  for (const path of files) {
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) all.add(path.slice(0, at + 1))
    all.add(path)
  }
  return [...all]
}
