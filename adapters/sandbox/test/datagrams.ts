import { chownSync } from "node:fs"

/** A datagram socket of the machine, such as a log's, that anybody may send to. */
export async function datagrams(path: string, owner: number) {
  const child = Bun.spawn(["perl", "-MSocket", "-e", RECEIVE, path], { stdio: ["pipe", "pipe", "inherit"] })
  const reader = child.stdout.getReader()
  const next = async () => Buffer.from((await reader.read()).value ?? []).toString()
  if ((await next()) !== "bound\n") throw new Error(`Nothing is bound to ${path}`)
  chownSync(path, owner, owner)
  return {
    /** What came in until now. */
    async received(): Promise<string> {
      child.stdin.end()
      return (await next()).trim()
    },
    [Symbol.dispose]: () => child.kill(),
  }
}

const RECEIVE =
  "$| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, pack_sockaddr_un($ARGV[0])) && chmod(0777, $ARGV[0]) or die $!; " +
  'print "bound\\n"; <STDIN>; recv(S, $got, 100, 0x40); print "$got\\n"'
