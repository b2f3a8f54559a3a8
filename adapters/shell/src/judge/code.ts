import type { CommandRisk } from "@skein/core/ports"
import { type Verdict, verdict } from "./verdict.ts"

/** What a piece of code in any language gives away about itself. Code that hides what it does is still code that runs. */
const SIGNS: readonly (readonly [RegExp, CommandRisk, string])[] = [
  [
    /\b(?:unlink\w*|rm(?:Sync|dir|dirSync|tree)?|remove(?:dirs|Sync|_dir_all|_file)?|rmtree|rm_rf?|delete|Delete|truncate\w*|emptyDir\w*|rimraf|del|trash|FileUtils|File::Path|shutil|rename\w*|replace|move)\s*(?:\(|\s)|\bos\.(?:remove|unlink|rmdir|removedirs|replace|rename)\b|\bunlink\b/,
    "destroy",
    "can delete files",
  ],
  [
    /\b(?:urllib|requests|httpx|aiohttp|socket|http\.client|ftplib|smtplib|fetch|axios|net\.connect|https?\.(?:get|request)|Net::HTTP|LWP|IO::Socket|open-uri|curl_exec|fsockopen|tls|dgram|dns|WebSocket)\b/,
    "network",
    "can use the network",
  ],
  [
    /\b(?:subprocess|os\.(?:system|popen|exec\w*|spawn\w*)|pty|popen|child_process|execSync|execFile\w*|spawn\w*|Bun\.\$|Bun\.spawn|Deno\.(?:run|Command)|system|exec|qx|shell_exec|passthru|proc_open|backtick|Open3|eval|Function|__import__|import_module|compile|ctypes|dlopen|marshal|pickle|b64decode|atob|fromCharCode|unhexlify|pack)\b|`/,
    "unknown",
    "can run other programs, or hides what it does",
  ],
  [
    /\bopen\s*\([^)]{0,200}['"][rwab+]*[wa+]|\bwrite(?:File|FileSync|_text|_bytes)?\b|\bappendFile\w*|\bcopy\w*\(|\bmkdir\w*|\bchmod\w*|\bsymlink\w*|\bput_contents\b/,
    "write",
    "can write files",
  ],
]

/** Code given as a word is code: at best it runs. */
export function judgeCode(program: string, code: string | undefined): Verdict {
  const powerful = ["code in a word"]
  if (code === undefined)
    return verdict("unknown", `${program} runs code that is only known when it runs`, { powerful })
  const signs = SIGNS.filter(([pattern]) => pattern.test(code))
  const worst = signs.find(([, risk]) => risk === "destroy") ?? signs[0]
  const reason = `${program} runs a piece of code${worst === undefined ? "" : `, which ${worst[2]}`}`
  return verdict(["execute", ...signs.map(([, risk]) => risk)], reason, { powerful })
}
