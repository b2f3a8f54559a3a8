/** A server of both eras over stdio, with the newer library. */
import { serveStdio } from "@modelcontextprotocol/server/stdio"
import { twoEras } from "./two-eras.ts"

serveStdio(() => twoEras())
