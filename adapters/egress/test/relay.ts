import { kept } from "./scene.ts"

/** A TCP port that leads to a Unix socket, as the helper inside a sandbox gives its command one. */
export function relay(socketPath: string): number {
  type End = { write(bytes: Uint8Array): number; end(): void }
  type Data = { waiting: Uint8Array[]; far?: Bun.Socket<{ near: End; rest: Uint8Array[] }> }
  const server = kept(
    Bun.listen<Data>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        async open(near) {
          near.data = { waiting: [] }
          const far = await Bun.connect<{ near: End; rest: Uint8Array[] }>({
            unix: socketPath,
            data: { near, rest: [] },
            socket: {
              data: (_, bytes) => void near.write(bytes),
              close: () => void near.end(),
            },
          })
          near.data.far = far
          for (const bytes of near.data.waiting) far.write(bytes)
        },
        data(near, bytes) {
          if (near.data.far === undefined) near.data.waiting.push(bytes)
          else near.data.far.write(bytes)
        },
        close: (near) => void near.data.far?.end(),
      },
    }),
  )
  return server.port
}
