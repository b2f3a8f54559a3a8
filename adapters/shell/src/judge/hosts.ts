const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ssh: 22,
  "git+ssh": 22,
  git: 9418,
  ftp: 21,
  ws: 80,
  wss: 443,
  sftp: 22,
  rsync: 873,
  ldap: 389,
  redis: 6379,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
}

/** The host and port that a word names, `example.org:443`. A bare name counts only where one is expected. */
export function hostIn(word: string, bareScheme?: string): string | undefined {
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(word)
  if (url !== null) return withPort(url[2] ?? "", url[1]?.toLowerCase() ?? "")
  const remote = /^(?:[\w.-]+@)?((?:[\w-]+\.)+[\w-]+|localhost):(?!\/\/)(?!\d)/.exec(word)
  if (remote?.[1] !== undefined) return `${remote[1].toLowerCase()}:22`
  if (bareScheme === undefined || word === "" || /[\s/]/.test(word.split("/")[0] ?? "")) return undefined
  return withPort(word.split(/[/?#]/)[0] ?? "", bareScheme)
}

function withPort(authority: string, scheme: string): string | undefined {
  const place = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase()
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(place) ?? []
  if (host === undefined) return undefined
  return `${host.replace(/\.$/, "")}:${port ?? PORTS[scheme] ?? 443}`
}

export function isLocal(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|[\w-]+\.localhost):\d+$/.test(host)
}
