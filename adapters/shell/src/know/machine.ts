import { type Program, program, verbs } from "./program.ts"

const builds = (why: string, more: Omit<Program, "risks" | "why"> = {}) =>
  program("execute", why, { keeps: 0, ...more })
const removes = program("destroy", "removes files for good", { writes: "all" })
const rights = program("escalate", "takes more rights, or changes the machine")
const disks = program("destroy escalate", "writes to disks themselves")

/** Files, disks and the machine itself. */
export const MACHINE: Readonly<Record<string, Program>> = {
  // Files
  ...verbs(
    "cp",
    program("write", "copies files, over what is there", {
      writes: "last",
      reads: "but-last",
      writesTo: ["-t", "--target-directory"],
      powerful: ["-f", "--force", "--remove-destination", "-t", "--target-directory"],
    }),
  ),
  mv: program("write", "moves files, over what is there", {
    writes: "all",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-f", "--force", "-t", "--target-directory"],
  }),
  rename: program("write execute", "renames files by a piece of code", { writes: "all" }),
  install: program("write", "copies files, over what is there", {
    writes: "last",
    reads: "but-last",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-s", "--strip-program", "-m", "--mode", "-o", "-g", "-t"],
  }),
  ln: program("write", "makes links", {
    writes: "last",
    writesTo: ["-t", "--target-directory"],
    powerful: ["-f", "--force", "-t"],
  }),
  link: program("write", "makes links", { writes: "all" }),
  touch: program("write", "makes files or changes their times", { writes: "all", keeps: 0 }),
  mkdir: program("write", "makes folders", { writes: "all", keeps: 0, powerful: ["-m", "--mode", "-Z"] }),
  mktemp: program("write", "makes a temporary file", { keeps: 0 }),
  mkfifo: program("write", "makes a pipe", { writes: "all" }),
  mknod: rights,
  rmdir: program("write", "removes empty folders", { writes: "all", powerful: ["-p", "--parents"] }),
  ...verbs("rm unlink shred srm wipe rimraf del-cli trash", removes),
  truncate: program("destroy", "cuts files off", { writes: "all" }),
  tee: program("write", "writes files", { writes: "all" }),
  split: program("write", "writes files", { powerful: ["--filter"] }),
  csplit: program("write", "writes files"),
  patch: program("write", "changes files", {
    writes: "all",
    writesTo: ["-o", "--output", "-r"],
    powerful: ["-o", "--output", "-d", "--directory", "-r", "-e", "--ed"],
  }),
  ...verbs(
    "gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4",
    program("write", "packs or unpacks files", { writes: "all" }),
  ),
  zip: program("write", "writes an archive", { powerful: ["-T", "-TT", "--unzip-command", "-m"] }),
  unzip: program("write", "unpacks files, over what is there", { reads: "all", writesTo: ["-d"] }),
  tar: program("write", "writes files or an archive", {
    powerful: [
      "--checkpoint-action",
      "--to-command",
      "--use-compress-program",
      "-I",
      "--rsh-command",
      "-F",
      "--info-script",
      "--new-volume-script",
      "--remove-files",
      "--rmt-command",
      "-P",
      "--absolute-names",
      "--overwrite",
    ],
  }),
  ...verbs("7z 7za 7zr rar unrar cpio ar", program("write", "writes files or an archive")),
  dd: program("write", "writes bytes to a file"),
  sed: program("write", "changes files", { powerful: ["-f", "--file"] }),
  ...verbs("awk gawk mawk nawk", program("execute", "runs a piece of code")),
  ...verbs(
    "chmod chown chgrp",
    program("write", "changes who may do what with files", {
      writes: "but-first",
      powerful: ["-R", "--recursive", "--reference"],
    }),
  ),
  ...verbs("chattr setfattr setfacl setcap", rights),
  ...verbs("fd fdfind", program("unknown", "runs or writes something for what it finds")),
  rsync: program("write network", "copies files, over what is there", {
    powerful: ["-e", "--rsh", "--rsync-path", "--delete", "--remove-source-files", "--daemon"],
    writes: "last",
  }),
  ...verbs(
    "ex ed vi vim nvim nano emacs pico joe micro code",
    program("execute write", "edits files, and can run commands", { writes: "all" }),
  ),
  sponge: program("write", "writes a file", { writes: "all" }),
  sdiff: program("write", "writes a file", { powerful: ["-o", "--output"] }),
  ...verbs(
    "xmllint envsubst iconv dos2unix unix2dos convert magick ffmpeg pandoc",
    program("write", "writes files", { writesTo: ["-o", "--output"] }),
  ),
  sqlite3: program("execute write", "runs SQL, which can write files"),
  // Disks and the machine
  ...verbs(
    "mkfs mke2fs mkswap fdisk sfdisk gdisk parted wipefs blkdiscard cryptsetup lvremove vgremove pvremove hdparm",
    disks,
  ),
  ...verbs(
    "sudo doas su pkexec runuser chroot nsenter unshare mount umount insmod modprobe rmmod sysctl iptables ip6tables nft ufw firewall-cmd",
    rights,
  ),
  ...verbs(
    "systemctl service systemd-run launchctl at batch crontab loginctl useradd usermod userdel groupadd passwd chpasswd visudo update-rc.d update-alternatives ldconfig swapon swapoff reboot shutdown halt poweroff init telinit chsh setenforce",
    program("escalate", "changes the machine, or starts things that stay"),
  ),
  ...verbs(
    "ssh-keygen ssh-copy-id ssh-add ssh-agent gpg gpg2 gpg-agent pass secret-tool security keyctl",
    program("escalate", "touches keys"),
  ),
  ...verbs("kill pkill killall", program("execute", "ends processes")),
  ...verbs(
    "gdb lldb strace ltrace perf bpftrace ptrace",
    program("execute", "looks into other programs, and runs them"),
  ),
  ldd: builds("may run the program it looks at"),
}
