#!/usr/bin/env bash
# Builds everything, checks the formatting and runs all tests. The last line says how many passed.
# Arguments are passed to dotnet test: ./test.sh --filter FullyQualifiedName~Telnet
set -u
cd "$(dirname "$0")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export MSBUILDDISABLENODEREUSE=1
results=TestResults
rm -rf "$results"
mkdir -p "$results"

# The clients people really use. If they are missing, their tests are skipped and say so.
missing=()
command -v telnet >/dev/null || missing+=(inetutils-telnet)
command -v nc >/dev/null || missing+=(netcat-openbsd)
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$results/apt.log" 2>&1 ||
        echo "Could not install ${missing[*]}; their tests are skipped."
fi

failed_steps=0
step() {
    echo "== $1"
    shift
    "$@" || failed_steps=$((failed_steps + 1))
}

step "build (warnings and analyzers are errors)" dotnet build Chat.sln -c Release --nologo -v q
step "formatting" dotnet format whitespace . --folder --verify-no-changes
[ "$failed_steps" -eq 0 ] &&
    step "tests" dotnet test Chat.sln -c Release --no-build --nologo -v q \
        --blame-hang-timeout 20min --blame-hang-dump-type none --logger "trx;LogFilePrefix=t" \
        --logger "console;verbosity=minimal" --results-directory "$results" "$@"

sum() {
    cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ s += $1 } END { print s + 0 }'
}
passed=$(sum passed)
failed=$(($(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted)))
skipped=$(($(sum total) - $(sum executed)))

# After a build error or a crash of a test host, no test counts as failed.
[ "$failed_steps" -gt 0 ] && [ "$failed" -eq 0 ] && failed=$failed_steps
[ "$passed" -eq 0 ] && [ "$failed" -eq 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
