# SPDX-License-Identifier: Apache-2.0
# Sourced by puna and record-starts, with root set: how the JVM form of the built program is started.

jar=$root/target/quarkus-app/quarkus-run.jar
# What a start of a command and of the server loads, as images that the next start maps (the JDK's AOT cache, JEP 514).
# Measured: a command takes 0.12 s instead of 0.14, the server half its time and 40 MiB less memory.
client_cache=$root/target/puna-client.aot
server_cache=$root/target/puna-server.aot

jvm_flags=(--enable-native-access=ALL-UNNAMED)

# The most that the heap of a server may take: PUNA_HEAP, else a sixteenth of the memory there is, from 256 MiB to 1 GiB. The native
# executable does the same (dev.puna.settings.HeapSize).
server_heap() {
    local kib limit file
    if [[ ${PUNA_HEAP-} =~ ^[0-9]+[kKmMgG]?$ ]]; then
        echo "$PUNA_HEAP"
        return
    fi
    kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null) || true
    for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        limit=$(cat "$file" 2>/dev/null) || true
        if [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1024 < ${kib:-0})); then kib=$((limit / 1024)); fi
    done
    kib=$((${kib:-0} / 16))
    if ((kib < 256 * 1024)); then kib=$((256 * 1024)); fi
    if ((kib > 1024 * 1024)); then kib=$((1024 * 1024)); fi
    echo "${kib}k"
}
# The smallest collector, unless the user names one.
[[ ${PUNA_JAVA_OPTS-} == *-XX:+Use*GC* ]] || jvm_flags+=(-XX:+UseSerialGC)
# Standard output belongs to the command: what the JVM itself has to say goes to standard error. That an image does not fit
# (another JDK, another collector) is not worth a word.
jvm_flags+=(-XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=error,aot=off:stderr)
client_flags=(-Xmx256m "${jvm_flags[@]}" -XX:TieredStopAtLevel=1 -XX:-UsePerfData)
# The second compiler takes a core from the threads that decode while it optimises what costs little: it is to see only what is
# hot for long, as the hashing of an upload. Measured on 2 cores with 2 threads beside the JDK's own thresholds, in alternating
# order: about 5 % more tokens, for one client as for eight.
server_flags=(-Xmx"$(server_heap)" "${jvm_flags[@]}" -XX:Tier4InvocationThreshold=25000 -XX:Tier4MinInvocationThreshold=3000
    -XX:Tier4CompileThreshold=75000 -XX:Tier4BackEdgeThreshold=200000)

# Sets class_path to what the client commands use; naming the server's libraries as well costs 20 ms a start.
client_class_path() {
    local file
    class_path=
    for file in "$root"/target/quarkus-app/app/*.jar \
        "$root"/target/quarkus-app/lib/main/{info.picocli.,org.jline.,org.jspecify.,com.fasterxml.jackson.core.}*.jar; do
        class_path+=${class_path:+:}$file
    done
}
