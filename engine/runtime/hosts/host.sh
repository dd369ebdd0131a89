# Ends what a bash processor has started when its host is gone, however the host went: `bash host.sh`, started by the host.
# On stdin come process groups, one a line: the one that is at work, or an empty line when none is. At the end of the input
# nobody is left who could wait for that group.
group=
while IFS= read -r line; do
  group=$line
done
if [ -n "$group" ]; then
  kill -KILL -- "-$group" 2>/dev/null
fi
exit 0
