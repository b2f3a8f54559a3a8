import type { LandlockRules } from "./request.ts"

/** Rights on files, see landlock(7). */
const WRITE_FILE = 1 << 1
const REMOVE_DIR = 1 << 4
const REMOVE_FILE = 1 << 5
const MAKE_CHAR = 1 << 6
const MAKE_DIR = 1 << 7
const MAKE_REG = 1 << 8
const MAKE_SOCK = 1 << 9
const MAKE_FIFO = 1 << 10
const MAKE_BLOCK = 1 << 11
const MAKE_SYM = 1 << 12
const REFER = 1 << 13
const TRUNCATE = 1 << 14
const IOCTL_DEV = 1 << 15
const READING = 1 | (1 << 2) | (1 << 3)
/** Devices are never made, by nobody. */
const MAKE_DEVICES = MAKE_CHAR | MAKE_BLOCK
const WRITING =
  WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM | REFER | TRUNCATE
const TCP = 1 | 2
const SCOPES = 1 | 2

export interface Grants {
  /** Version of the kernel's interface. */
  readonly abi: number
  readonly writable: readonly string[]
  /** Where devices may be written and told things. */
  readonly devices: readonly string[]
  /** What may be read; everything, when left out. */
  readonly readable?: readonly string[] | undefined
  /** TCP may be used, as far as the network namespace goes. */
  readonly hasNetwork: boolean
}

/** The oldest version that lets files be moved between folders. */
export const LANDLOCK_ABI_MIN = 2

/** What a command may do to files, in a domain of its own: no signal and no abstract socket leads out of it either. */
export function landlockRules({ abi, writable, devices, readable, hasNetwork }: Grants): LandlockRules {
  const known = WRITING | MAKE_DEVICES | (abi >= 5 ? IOCTL_DEV : 0)
  const handled = (abi >= 3 ? known : known & ~TRUNCATE) | (readable === undefined ? 0 : READING)
  const attributes = [handled, abi >= 4 && !hasNetwork ? TCP : 0, abi >= 6 ? SCOPES : 0]
  const rule = (access: number) => (path: string) => ({ path, access: access & handled })
  return {
    attributes: attributes.slice(0, abi >= 6 ? 3 : abi >= 4 ? 2 : 1),
    rules: [
      ...writable.map(rule(WRITING | READING)),
      ...devices.map(rule(WRITING | READING | IOCTL_DEV)),
      ...(readable ?? []).map(rule(READING)),
    ],
  }
}
