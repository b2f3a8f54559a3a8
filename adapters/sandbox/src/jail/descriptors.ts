import { closeSync, writeSync } from "node:fs"
import { openLibrary } from "../pipe.ts"

/** The calls for handing descriptors to the host. Linux only. */
export interface Descriptors {
  /** Two connected sockets that keep messages apart, closed on exec. */
  socketPair(): readonly [number, number]
  /** A file in memory with this content, closed on exec. */
  memoryFile(content: Uint8Array): number
  /** Sends a message of one 64-bit number and these descriptors. False when nobody is there to take it. */
  send(socket: number, number: number, fds: readonly number[]): boolean
}

const AF_UNIX = 1
const SOCK_SEQPACKET = 5
const CLOEXEC = 0o2000000
const MFD_CLOEXEC = 1
const MSG_NOSIGNAL = 0x4000
const SOL_SOCKET = 1
const SCM_RIGHTS = 1

let loading: Promise<Descriptors> | undefined

export function descriptors(): Promise<Descriptors> {
  loading ??= load()
  return loading
}

async function load(): Promise<Descriptors> {
  const { ptr } = await import("bun:ffi")
  const { symbols } = await openLibrary({
    socketpair: { args: ["i32", "i32", "i32", "ptr"], returns: "i32" },
    memfd_create: { args: ["ptr", "u32"], returns: "i32" },
    sendmsg: { args: ["i32", "ptr", "i32"], returns: "i32" },
  })
  const name = new TextEncoder().encode("skein\0")
  return {
    socketPair() {
      const pair = new Int32Array(2)
      const failed = symbols.socketpair(AF_UNIX, SOCK_SEQPACKET | CLOEXEC, 0, ptr(pair))
      const [ours, theirs] = pair
      if (failed !== 0 || ours === undefined || theirs === undefined)
        throw new Error("Could not open a pair of sockets: too many open files?")
      return [ours, theirs]
    },
    memoryFile(content) {
      const fd = symbols.memfd_create(ptr(name), MFD_CLOEXEC)
      if (fd < 0) throw new Error("Could not make a file in memory: too many open files?")
      try {
        for (let at = 0; at < content.length; ) at += writeSync(fd, content, at)
      } catch (error) {
        closeSync(fd)
        throw error
      }
      return fd
    },
    send(socket, number, fds) {
      // See sendmsg(2) and cmsg(3): the message's head, its one buffer, and the descriptors as control data.
      const content = new BigUint64Array([BigInt(number)])
      const buffer = new BigUint64Array([BigInt(ptr(content)), 8n])
      const controlBytes = 16 + fds.length * 4
      const control = new Uint8Array(Math.ceil(controlBytes / 8) * 8)
      new BigUint64Array(control.buffer, 0, 1)[0] = BigInt(controlBytes)
      new Int32Array(control.buffer).set([SOL_SOCKET, SCM_RIGHTS, ...fds], 2)
      const head = new BigUint64Array([
        0n,
        0n,
        BigInt(ptr(buffer)),
        1n,
        BigInt(ptr(control)),
        BigInt(control.length),
        0n,
      ])
      return Number(symbols.sendmsg(socket, ptr(head), MSG_NOSIGNAL)) === 8
    },
  }
}
