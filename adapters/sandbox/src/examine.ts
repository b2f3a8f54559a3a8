import type { MachineFacts } from "./diagnose.ts"
import { machineFacts, probe, tryBubblewrap } from "./probe.ts"

/** One piece of the confinement: whether it is there, and what it would take. */
export interface Finding {
  readonly piece: string
  readonly isThere: boolean
  readonly detail: string
  readonly cure?: string | undefined
}

/** Each piece by itself, then what they make together. */
export async function examine(
  bwrapPath: string | undefined,
  facts: MachineFacts = machineFacts(),
): Promise<readonly Finding[]> {
  const [tried, landlockAbi, hasSeccomp, rung] = await Promise.all([
    tryBubblewrap(bwrapPath, facts),
    facts.landlockAbi(),
    facts.hasSeccomp(),
    probe(bwrapPath, facts),
  ])
  const bubblewrap: Finding =
    tried.kind === "works"
      ? { piece: "bubblewrap", isThere: true, detail: tried.bwrap }
      : { piece: "bubblewrap", isThere: false, detail: tried.reason, cure: tried.cure }
  return [
    bubblewrap,
    userNamespaces(facts, tried.kind === "works"),
    {
      piece: "landlock",
      isThere: landlockAbi > 0,
      detail: landlockAbi > 0 ? `version ${landlockAbi}${lacking(landlockAbi)}` : "not in this kernel, or switched off",
      ...(landlockAbi > 0 ? {} : { cure: "Use Linux 5.19 or newer, started with `landlock` in its `lsm=` list." }),
    },
    {
      piece: "seccomp",
      isThere: hasSeccomp,
      detail: hasSeccomp ? "filters system calls" : "not in this kernel",
      ...(hasSeccomp ? {} : { cure: "Use a kernel with CONFIG_SECCOMP_FILTER." }),
    },
    container(facts),
    rung.kind === "works"
      ? { piece: "rung", isThere: rung.weaker === undefined, detail: [rung.by, rung.weaker].filter(Boolean).join(": ") }
      : { piece: "rung", isThere: false, detail: rung.reason, cure: rung.cure },
  ]
}

/** What each version of Landlock added that matters here. */
function lacking(abi: number): string {
  const missing = [
    ...(abi < 3 ? ["truncation"] : []),
    ...(abi < 4 ? ["TCP"] : []),
    ...(abi < 5 ? ["device controls"] : []),
    ...(abi < 6 ? ["signals and abstract sockets"] : []),
  ]
  return missing.length === 0 ? "" : `, which does not cover ${missing.join(", ")}`
}

const SWITCHES = [
  ["/proc/sys/kernel/unprivileged_userns_clone", "0"],
  ["/proc/sys/user/max_user_namespaces", "0"],
  ["/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"],
] as const

function userNamespaces({ read }: MachineFacts, works: boolean): Finding {
  const against = SWITCHES.filter(([path, value]) => read(path) === value).map(([path, value]) => `${path} is ${value}`)
  const detail = works ? "bubblewrap gets them" : against.length > 0 ? against.join(", ") : "no switch is against them"
  return { piece: "user namespaces", isThere: works || against.length === 0, detail }
}

function container({ read }: MachineFacts): Finding {
  const mark = ["/.dockerenv", "/run/.containerenv"].find((path) => read(path) !== undefined)
  return { piece: "container", isThere: true, detail: mark === undefined ? "none seen" : `this is one (${mark})` }
}
