interface EnvironmentFacts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** Where the session works, in a few lines. The day and not the time, so that it stays the same all day. */
export function environmentText(cwd: string, { env, now }: EnvironmentFacts): string {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const day = new Date(now()).toLocaleDateString("en-CA", { timeZone: timezone })
  return [
    "<environment>",
    `folder: ${cwd}`,
    `system: ${process.platform} ${process.arch}, shell ${env.SHELL ?? "/bin/sh"}`,
    `date: ${day} (${timezone})`,
    "</environment>",
  ].join("\n")
}
