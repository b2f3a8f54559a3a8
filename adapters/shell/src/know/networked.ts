import { type Program, program, verbs } from "./program.ts"

const publishes = program("publish network", "sends to others")
const remote = program("network publish", "acts on another machine")
const mail = program("publish network", "sends mail")

/** Other machines, publishing, containers, databases. */
export const NETWORKED: Readonly<Record<string, Program>> = {
  // Network
  ...verbs("curl wget aria2c httpie http https xh", program("network", "talks to another machine")),
  ...verbs("ssh scp sftp rclone mosh telnet ftp lftp tftp socat nc ncat netcat nmap", remote),
  ...verbs(
    "ping dig nslookup host traceroute whois ntpdate",
    program("network", "asks another machine, and can carry data there"),
  ),
  ...verbs("mail mailx sendmail mutt msmtp swaks", mail),
  openssl: program("execute", "can do many things, network and files among them"),
  // Publishing
  gh: program("network publish", "acts on GitHub", {
    hosts: ["api.github.com:443"],
    verbs: Object.fromEntries(
      "pr issue run repo release workflow label cache gist".split(" ").map((noun) => [
        noun,
        program("publish network", "changes things on GitHub", {
          hosts: ["api.github.com:443"],
          verbs: verbs(
            "view list status diff checks watch",
            program("network", "reads from GitHub", {
              hosts: ["api.github.com:443"],
              keeps: 0,
              powerful: ["--web", "-w"],
            }),
          ),
        }),
      ]),
    ),
  }),
  ...verbs("glab hub tea", publishes),
  ...verbs(
    "vercel netlify fly flyctl heroku firebase wrangler surge railway serverless sls amplify eb",
    program("publish network", "deploys"),
  ),
  ...verbs("aws gcloud az doctl s3cmd gsutil", program("network publish", "acts on a cloud")),
  terraform: program("network execute", "acts on machines elsewhere", {
    verbs: {
      ...verbs("fmt validate", program("execute", "checks its files", { keeps: 0 })),
      ...verbs("apply import", program("publish network", "changes machines elsewhere")),
      destroy: program("destroy publish", "takes machines down"),
    },
  }),
  kubectl: program("network publish", "acts on a cluster", {
    verbs: {
      ...verbs(
        "get describe logs top explain version config api-resources",
        program("network", "reads from a cluster", { keeps: 0, powerful: ["--kubeconfig", "--server", "-s"] }),
      ),
      delete: program("destroy network", "takes things of a cluster away"),
    },
  }),
  helm: program("network publish", "acts on a cluster", {
    verbs: verbs(
      "lint template list",
      program("execute", "checks charts", { keeps: 0, powerful: ["--post-renderer"] }),
    ),
  }),
  ansible: remote,
  "ansible-playbook": remote,
  // Containers: who may talk to the daemon can do everything.
  ...verbs(
    "docker podman nerdctl",
    program("execute network", "runs containers", {
      verbs: {
        ...verbs(
          "ps images logs inspect version info top stats port diff history events",
          program("read", "shows containers"),
        ),
        ...verbs("rm rmi kill", program("destroy", "removes containers or images")),
        ...verbs(
          "system volume network image container builder buildx",
          program("execute", "changes containers and what they keep", {
            verbs: {
              ...verbs("prune rm remove", program("destroy", "removes what containers keep")),
              ...verbs("ls list inspect df", program("read", "shows containers")),
              build: program("execute network", "builds an image", {
                keeps: 0,
                powerful: ["--output", "-o", "--push", "--allow", "--secret", "--ssh", "--load"],
              }),
            },
          }),
        ),
        ...verbs("push login logout", publishes),
        pull: program("network", "fetches an image", { hosts: ["registry-1.docker.io:443", "auth.docker.io:443"] }),
        build: program("execute network", "builds an image", {
          keeps: 0,
          powerful: ["--output", "-o", "--push", "--allow", "--secret", "--ssh", "--network", "-f", "--file"],
        }),
        compose: program("execute network", "runs containers", {
          verbs: {
            ...verbs("ps logs config ls images top", program("read", "shows containers")),
            ...verbs(
              "up build start stop restart pull",
              program("execute network", "runs containers of the project", { keeps: 0 }),
            ),
            ...verbs("down rm", program("destroy", "takes containers down")),
          },
          powerful: ["-f", "--file", "--project-directory", "--env-file"],
        }),
      },
    }),
  ),
  "docker-compose": program("execute network", "runs containers", {
    verbs: {
      ...verbs("ps logs config", program("read", "shows containers")),
      ...verbs(
        "up build start stop restart",
        program("execute network", "runs containers of the project", { keeps: 0 }),
      ),
      ...verbs("down rm", program("destroy", "takes containers down")),
    },
    powerful: ["-f", "--file", "--project-directory", "--env-file"],
  }),
  ...verbs("dropdb dropuser", program("destroy network", "drops a database")),
  ...verbs(
    "psql mysql mariadb mongosh mongo redis-cli createdb pg_dump pg_restore mysqldump",
    program("network execute", "acts on a database"),
  ),
}
