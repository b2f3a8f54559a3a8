/** What the machine says about itself, read only when bubblewrap does not work. */
export interface MachineFacts {
  readonly platform: string
  /** Content of a file, trimmed; undefined when it is not there. */
  readonly read: (path: string) => string | undefined
  /** Version of Landlock; 0 for none. */
  readonly landlockAbi: () => Promise<number>
  /** Whether the kernel filters system calls. */
  readonly hasSeccomp: () => Promise<boolean>
}

export interface Obstacle {
  readonly reason: string
  readonly cure: string
}

const PROFILE = "/etc/apparmor.d/bwrap"

/** bubblewrap is not there. */
export function notInstalled({ platform }: MachineFacts, searched: readonly string[]): Obstacle {
  if (platform !== "linux") {
    const blocker =
      platform === "darwin" ? ": its Seatbelt profile is written, and nothing of skein applies it there yet" : ""
    return {
      reason: `Commands can be confined on Linux only so far, and this is ${platform}${blocker}.`,
      cure: "Run skein on Linux, or in a Linux container or virtual machine.",
    }
  }
  return {
    reason: `bubblewrap is not installed: there is no bwrap in ${searched.join(", ")}.`,
    cure: "Install it: `apt-get install bubblewrap` (Debian, Ubuntu), `dnf install bubblewrap` (Fedora), `pacman -S bubblewrap` (Arch), `apk add bubblewrap` (Alpine).",
  }
}

/** Without a filter of system calls nothing of ours holds what it promises. */
export function withoutSeccomp(facts: MachineFacts, bubblewrap: Obstacle | undefined): Obstacle {
  if (facts.platform !== "linux" && bubblewrap !== undefined) return bubblewrap
  return {
    reason: "This kernel does not filter system calls (seccomp), so sockets of the machine would be open to commands.",
    cure: "Use a kernel with CONFIG_SECCOMP_FILTER.",
  }
}

/** bubblewrap is there and could not set up its namespaces: which piece is missing, and which file says so. */
export function notWorking(facts: MachineFacts, said: string): Obstacle {
  const quoted = said.trim().split("\n").at(-1) ?? ""
  const known = CAUSES.find((cause) => cause.holds(facts, said))
  const piece = known?.piece ?? "this machine does not let it make namespaces"
  const cure =
    known?.cure ?? "Run `bwrap --ro-bind / / --unshare-user --unshare-pid --unshare-net true` and follow what it says."
  return { reason: `bubblewrap is installed but does not work here: ${piece} (it said: ${quoted || "nothing"}).`, cure }
}

interface Cause extends Pick<Obstacle, "cure"> {
  readonly piece: string
  readonly holds: (facts: MachineFacts, said: string) => boolean
}

const isContainer = ({ read }: MachineFacts) =>
  read("/.dockerenv") !== undefined ||
  read("/run/.containerenv") !== undefined ||
  /docker|containerd|kubepods|lxc/.test(read("/proc/1/cgroup") ?? "")

const CAUSES: readonly Cause[] = [
  {
    piece: "user namespaces are switched off (/proc/sys/kernel/unprivileged_userns_clone is 0)",
    cure: "As root: `sysctl -w kernel.unprivileged_userns_clone=1`, and the same line in /etc/sysctl.d to keep it.",
    holds: ({ read }) => read("/proc/sys/kernel/unprivileged_userns_clone") === "0",
  },
  {
    piece: "no user namespaces are allowed (/proc/sys/user/max_user_namespaces is 0)",
    cure: "As root: `sysctl -w user.max_user_namespaces=15000`, and the same line in /etc/sysctl.d to keep it.",
    holds: ({ read }) => read("/proc/sys/user/max_user_namespaces") === "0",
  },
  {
    piece:
      "AppArmor forbids user namespaces to programs without a profile (/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1)",
    cure: `As root, give bubblewrap a profile: write "abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }" to ${PROFILE} and run \`apparmor_parser -r ${PROFILE}\`.`,
    holds: ({ read }) => read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1",
  },
  {
    piece: "the container does not let a new /proc be mounted",
    cure: "Start the container with `--security-opt systempaths=unconfined --security-opt seccomp=unconfined` (Docker, Podman), or run skein outside of it.",
    holds: (_, said) => /mount proc/i.test(said),
  },
  {
    piece: "the container forbids new namespaces",
    cure: "Start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`, or run skein outside of it.",
    holds: (facts, said) => isContainer(facts) && /namespace|uid map|permitted|denied/i.test(said),
  },
  {
    piece: "the kernel was built without a namespace it needs",
    cure: "Use a kernel with CONFIG_USER_NS, CONFIG_PID_NS, CONFIG_NET_NS, CONFIG_IPC_NS and CONFIG_UTS_NS.",
    holds: (_, said) => /invalid argument/i.test(said) && /namespace/i.test(said),
  },
  {
    piece: "this bubblewrap is too old",
    cure: "Install bubblewrap 0.5 or newer.",
    holds: (_, said) => /unknown option/i.test(said),
  },
]
