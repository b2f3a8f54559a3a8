import type { SimpleCommand } from "@skein/core/ports"
import { programOf } from "../rules/commands.ts"

/** Why a command would destroy a machine or a disk; undefined for all others. No mode and no rule lets it run. */
export function catastropheOf(command: SimpleCommand, home: string | undefined): string | undefined {
  const device = command.writes.find((path) => DISK.test(path))
  if (device !== undefined) return `it writes over the disk ${device}`
  for (let at = 0; at < command.argv.length; at++) {
    const found = ofArgv(command.argv.slice(at), home)
    if (found !== undefined) return found
    // Behind a wrapper the program is a later word; an argument that is spelled like one names no options that matter.
    if (at === 0 && !MAY_WRAP.test(programOf(command.argv[0] ?? "env"))) return undefined
  }
  return undefined
}

/** The same for a line that is not understood: what can be told from its text. */
export function catastropheIn(line: string): string | undefined {
  const plain = line.replace(/['"\\]/g, "")
  if (FORK_BOMB.test(plain)) return "it starts processes without end"
  if (
    /\bmkfs(?:\.\w+)?\s/.test(plain) ||
    /\bdd\b[^;&|]*\bof=\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/.test(plain)
  ) {
    return "it writes over a disk"
  }
  if (/>\s*\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper)/.test(plain)) return "it writes over a disk"
  const removed =
    /\brm\b((?:\s+-{1,2}[\w=-]+)*)\s+(?:--\s+)?(\/\*?|~\/?\*?|\$HOME\/?\*?|\$\{HOME\}\/?\*?)(?=\s|$|[;&|)])/.exec(plain)
  return removed !== null && /r/i.test(removed[1] ?? "") ? `it removes everything below ${removed[2]}` : undefined
}

const FORK_BOMB = /([\w:.]+)\s*\(\)\s*\{[^}]*\1\s*\|\s*\1\s*&[^}]*\}/
const DISK = /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk\d|rdisk|mapper\/|dm-|md\d|loop\d|mem$|kmem$|port$)/
const MAY_WRAP =
  /^(?:env|sudo|doas|su|timeout|nohup|command|nice|ionice|exec|time|stdbuf|setsid|xargs|busybox|toybox|chroot|unshare|nsenter|pkexec|systemd-run|find|parallel|builtin|eval|sh|bash|dash|zsh)$/

function ofArgv([head, ...words]: SimpleCommand["argv"], home: string | undefined): string | undefined {
  if (head === undefined) return undefined
  const program = programOf(head)
  const operands = words.filter((word) => word !== undefined && !word.startsWith("-")).map(String)
  const options = words.filter((word) => word?.startsWith("-") === true).map(String)
  if (/^mkfs(?:\.|$)|^(?:mke2fs|mkswap|wipefs|blkdiscard)$/.test(program)) return `${program} makes a disk anew`
  if (program === "dd" && operands.some((word) => DISK.test(word.replace(/^of=/, "")) && word.startsWith("of="))) {
    return "it writes over a disk"
  }
  if (
    /^(?:shred|tee|cp|mv|fdisk|sfdisk|parted|sgdisk|cfdisk)$/.test(program) &&
    operands.some((word) => DISK.test(word))
  ) {
    return "it writes over a disk"
  }
  const isRecursive = options.some((word) => /^-[a-zA-Z]*[rR]/.test(word) || word === "--recursive")
  const whole = operands.find((word) => isEverything(word, home))
  if (whole === undefined) return undefined
  if (program === "rm" && isRecursive) return `it removes everything below ${whole}`
  if (/^(?:chmod|chown|chgrp)$/.test(program) && isRecursive)
    return `it changes the rights of everything below ${whole}`
  if (program === "find" && (words.includes("-delete") || words.includes("rm")))
    return `it removes everything below ${whole}`
  return program === "mv" && operands.length > 1 && operands[0] === whole ? `it moves ${whole} away` : undefined
}

/** The root, a top folder of the system, a home folder as a whole. */
function isEverything(word: string, home: string | undefined): boolean {
  const path = word
    .replace(/\/\.?\*{1,2}$/, "/")
    .replace(/(?!^)\/+$/, "")
    .replace(/^\/+/, "/")
  if (/^(?:~|\$HOME|\$\{HOME\})$/.test(path) || (home !== undefined && path === home)) return true
  return /^\/(?:\.|\.\.|bin|boot|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|srv|sys|usr|var|Users|System|Library)?$/.test(
    path,
  )
}
