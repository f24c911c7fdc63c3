#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a program on an emulated CPU that has AVX-512 (F, CD, DQ, BW, VL), whatever this machine has: bochs boots a
# Debian kernel whose only process is the program. Prints what the program prints and ends with its exit code.
help='usage: tests/emulate/run_avx512.sh [-c PATH]... PROGRAM [ARGUMENT]...
  -c PATH   copies a file or a folder that the program reads; it has the same path in the emulated machine
example: tests/emulate/run_avx512.sh -c worlds/library build/paracosm-tests widths
  (lanes with vectors of 4, 8 and 16 floats against each other: 2 minutes)
exit codes: the one of PROGRAM; 128 + N if signal N ended it; 77 where a package is missing or there is no kernel
            (skipped); 125 if the emulator failed; 124 if it ran out of time; 2 for wrong use
variables:
  PARA_EMULATE_KERNEL     a vmlinuz to boot; unset: that of package linux-image-cloud-amd64 is downloaded, not
                          installed (27 MB)
  PARA_EMULATE_MEGABYTES  memory of the emulated machine, 128 to 2048 [MiB]; 512 if unset
  PARA_EMULATE_SECONDS    time to run [s]; 3600 if unset
The program gets the current folder and the PARA_ variables, an empty standard input and one CPU. What it printed
is shown when it has ended. A dynamic program brings its libraries along. Its clock counts instructions, 20 million
to the second. Booting takes about 20 s; then about 35 million instructions are run in a second, or 4 million where
they are arithmetic on sixteen numbers each.'
set -uo pipefail

complain() { printf 'run_avx512.sh: %s\n' "$*" >&2; }
skip() { complain "skipped: $*"; exit 77; }
fail() { complain "$*"; exit 125; }
wrong() { complain "$*"; printf '%s\n' "$help" | head -n 1 >&2; exit 2; }

copies=()
while [[ ${1-} == -* ]]; do
    case $1 in
    -c) [[ -e ${2-} ]] || wrong "-c needs a file or a folder; got \"${2-}\""
        copies+=("$(realpath -s -- "$2")"); shift 2 ;;
    -h | --help) printf '%s\n' "$help"; exit 0 ;;
    --) shift; break ;;
    *) wrong "there is no option \"$1\"" ;;
    esac
done
[[ -n ${1-} ]] || wrong "which program?"
[[ -f $1 && -x $1 ]] || wrong "\"$1\" is no program"
program=$(realpath -- "$1")
shift
megabytes=${PARA_EMULATE_MEGABYTES:-512}
seconds=${PARA_EMULATE_SECONDS:-3600}
[[ $megabytes =~ ^[1-9][0-9]{2,3}$ ]] && ((megabytes >= 128 && megabytes <= 2048)) ||
    wrong "PARA_EMULATE_MEGABYTES must be 128 to 2048; got \"$megabytes\""
[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || wrong "PARA_EMULATE_SECONDS must be 1 to 999999; got \"$seconds\""

# ---------------------------------------------------------------- what must be there
[[ $(uname -m) == x86_64 ]] || skip "this needs an x86-64 machine"
packages="bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso cpio"
boot_files="/usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32"
bios=/usr/share/bochs/BIOS-bochs-latest screen=/usr/share/bochs/VGABIOS-lgpl-latest
install="; on Debian: apt-get install --no-install-recommends $packages"
for name in bochs xorriso cpio script; do
    command -v "$name" >/dev/null || skip "there is no $name$install"
done
compiler=$(command -v cc || command -v gcc || command -v clang) || skip "there is no C compiler"
for file in $boot_files $bios $screen; do
    [[ -r $file ]] || skip "there is no $file$install"
done
[[ $(bochs --help cpu 2>&1) == *corei7_skylake_x* ]] || skip "this bochs was built without AVX-512"
compgen -G '/usr/lib/*/bochs/plugins/libbx_term_gui.so' >/dev/null || skip "bochs has no terminal screen$install"

room=$(mktemp -d) || fail "no temporary folder"
emulator=
clean() {
    [[ -z $emulator ]] || kill "$emulator" 2>/dev/null
    rm -rf "$room"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
here=$(realpath -- "$(dirname -- "$0")")

kernel=${PARA_EMULATE_KERNEL:-}
if [[ -n $kernel ]]; then
    [[ -r $kernel ]] || wrong "PARA_EMULATE_KERNEL: cannot read \"$kernel\""
else
    # The package of that name is empty but for its dependency, the kernel of today.
    image=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '$1 == "Depends:" {print $2; exit}')
    [[ -n $image ]] || skip "apt knows no linux-image-cloud-amd64: run apt-get update, or set PARA_EMULATE_KERNEL"
    (cd "$room" && apt-get download "$image" && dpkg -x "$image"_*.deb kernel) >"$room/download" 2>&1 || {
        tail -n 3 "$room/download" >&2
        skip "cannot download $image: run apt-get update, or set PARA_EMULATE_KERNEL"
    }
    kernel=$(compgen -G "$room/kernel/boot/vmlinuz-*") || fail "$image holds no kernel"
fi

# ---------------------------------------------------------------- the disc it boots from
root=$room/root
mkdir -p "$root/emulate" "$root$PWD" "$room/disc" || fail "no room in $room"
"$compiler" -O1 -static -std=gnu17 -D_GNU_SOURCE "$here/guest_init.c" -o "$root/init" >"$room/compile" 2>&1 || {
    cat "$room/compile" >&2
    skip "cannot build a static program; on Debian: apt-get install gcc libc6-dev"
}
libraries=$(ldd "$program" 2>/dev/null | grep -oE '/[^ ]+') # none for a static program
(
    printf '%s\n' "$program" $libraries ${copies[@]+"${copies[@]}"} | while IFS= read -r file; do
        cp -rL --parents -- "$file" "$root" || exit 1
    done
    printf '%s\0' "$program" "$@" >"$root/emulate/arguments"
    printf '%s\0' "$PWD" >"$root/emulate/folder"
    { printf 'PATH=/usr/bin\0HOME=/tmp\0'; env -0 | grep -z '^PARA_'; } >"$root/emulate/variables"
    cp -- $boot_files "$room/disc" && cp -- "$kernel" "$room/disc/vmlinuz"
) || fail "cannot gather the program's files"
(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$room/disc/initrd" || fail "cannot pack the program"
rm -rf "$root"
# 321 and 323 are xsavec and xsaves: bochs gives their save area a size that the kernel takes for an error, and then
# it leaves AVX off altogether. The clock's speed is told, since the CPU that bochs plays claims another one.
cat >"$room/disc/isolinux.cfg" <<END
default program
prompt 0
label program
 kernel /vmlinuz
 initrd /initrd
 append console=ttyS0 quiet panic=-1 reboot=t clearcpuid=321,323 tsc_early_khz=20000 mitigations=off cryptomgr.notests
END
xorriso -as mkisofs -quiet -o "$room/disc.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 \
    -boot-info-table "$room/disc" >"$room/xorriso" 2>&1 || { cat "$room/xorriso" >&2; fail "cannot write the disc"; }

# ---------------------------------------------------------------- the machine
cat >"$room/bochsrc" <<END
config_interface: textconfig
display_library: term
romimage: file=$bios
vgaromimage: file=$screen
cpu: model=corei7_skylake_x, count=1, ips=20000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=$megabytes, host=$megabytes
clock: sync=none, time0=utc
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=disc.iso, status=inserted
boot: cdrom
log: log
panic: action=fatal
error: action=report
info: action=report
com1: enabled=1, mode=file, dev=kernel.txt
com2: enabled=1, mode=file, dev=out
com3: enabled=1, mode=file, dev=err
com4: enabled=1, mode=file, dev=code
speaker: enabled=0
END
echo continue >"$room/orders" # Debian's bochs has its debugger built in, which waits for orders
# Its screen needs a terminal: `script` lends it one. Bochs ends with 1 even after a proper end.
cd "$room" || exit 125
TERM=linux nice -n 19 timeout "$seconds" script -qec 'bochs -f bochsrc -rc orders' screen >/dev/null 2>&1 </dev/null &
emulator=$!
wait "$emulator"
ended=$?
emulator=
[[ ! -f out ]] || cat out
[[ ! -f err ]] || cat err >&2
[[ ! -s code ]] || exit "$(<code)"
[[ $ended != 124 ]] || { complain "not done after $seconds s; PARA_EMULATE_SECONDS gives it more"; exit 124; }
complain "the emulated machine ended before the program did; its last words:"
for words in kernel.txt log; do
    [[ ! -f $words ]] || grep -vE 'CPU0  \] (\||CPUID)' "$words" | tail -n 8 >&2
done
exit 125
