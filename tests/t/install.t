#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: what a packager does: install, uninstall, a tarball that builds, a library that is missing.
. "$(dirname "$0")/../lib.sh"

if [ -n "${LLM_SANITIZED:-}" ]; then
	skip 'install' 'once is enough'
	finish
fi
cd "$TOP" || exit 3
# a copy of what is built already is installed: other tests run the tools meanwhile
o=$T/o
mkdir "$o"
cp -a "$LLM_BIN"/lib "$LLM_BIN"/cmd "$LLM_BIN"/libllm.a "$LLM_BIN"/llm-* "$o" 2> "$T/err"
unset MAKEFLAGS MFLAGS
t 'make install' 0 make O="$o" STRICT=1 CC="${CC:-gcc}" install DESTDIR="$T/dest" PREFIX=/usr
for tool in llm-route llm-compress llm-cache llm-batch llm-cost; do
	holds "$tool is there and runs" "$T/dest/usr/bin/$tool" --version
	holds "$tool has its page" test -s "$T/dest/usr/share/man/man1/$tool.1"
done
for page in man5/llm-record.5 man5/llm-prices.5 man5/llm-routes.5 man5/llm-encoder.5 man7/llm-tools.7; do
	holds "$page is there" test -s "$T/dest/usr/share/man/$page"
done
eq 'nothing is writable by others' "$(find "$T/dest" -type f -perm /022 -printf "%P ")" ''
eq 'no path of the build is in what users read' "$(grep -rlF "$TOP" "$T/dest/usr/share" | xargs)" ''
t 'make uninstall' 0 make O="$o" uninstall DESTDIR="$T/dest" PREFIX=/usr
eq 'leaves nothing' "$(find "$T/dest" -type f -printf "%P ")" ''

# a library that pkg-config does not know is named with its package
cat > "$T/pkg-config" <<'S'
#!/bin/sh
case "$*" in *libcjson*) exit 1 ;; esac
exec pkg-config "$@"
S
chmod +x "$T/pkg-config"
t 'a library is missing' 2 make O="$T/none" PKG_CONFIG="$T/pkg-config"
has 'it is named' "$T/err" libcjson
has 'with its package' "$T/err" 'libcjson-dev'

# the tarball of what is committed
if git rev-parse HEAD > "$T/out" 2>&1; then
	t 'make dist' 0 make O="$T/dist" dist
	ball=$(find "$T/dist" -name 'llm-tools-*.tar.gz')
	holds 'a tarball' test -s "$ball"
	mkdir "$T/unpacked"
	tar -xzf "$ball" -C "$T/unpacked"
	eq 'everything is in one folder' "$(find "$T/unpacked" -mindepth 1 -maxdepth 1 | wc -l | xargs)" 1
	git ls-tree -r --name-only HEAD | sort > "$T/committed"
	(cd "$T/unpacked"/* && find . -type f -o -type l | sed 's,^\./,,' | sort) > "$T/packed"
	same 'that holds what is committed and nothing else' "$T/packed" "$T/committed"
	t 'make dist again' 0 make O="$T/dist2" dist
	same 'gives the same bytes' "$ball" "$(find "$T/dist2" -name 'llm-tools-*.tar.gz')"
	if [ -n "${LLM_CHECK_FULL:-}" ]; then
		t 'the tarball builds' 0 make -C "$T"/unpacked/* -j2 O="$T/built"
		holds 'and runs' "$T/built/llm-cost" --version
	else
		t 'the tarball would build' 0 make -n -C "$T"/unpacked/* O="$T/built"
	fi
else
	skip 'make dist' 'this is no clone of the repository'
fi

# the sources stay clean: objects lie in $(O)
eq 'no object lies among the sources' "$(find lib cmd tests -name "*.o" -printf "%p ")" ''
finish
