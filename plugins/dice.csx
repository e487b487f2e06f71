// Rolls dice for everyone to see: /roll 2d6. An example of a command.

Command("roll", "[COUNT]d[SIDES]", "rolls dice: /roll 2d6", call =>
{
    const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    var arguments = call.Arguments.Length == 0 ? "1d6" : call.Arguments;
    var wanted = Regex.Match(arguments, "^([0-9]{0,3})d([0-9]{1,4})$", AnyCase);
    var count = wanted.Groups[1].Length == 0 ? 1 : int.Parse(wanted.Groups[1].Value);
    if (!wanted.Success || count is 0 or > 20 || int.Parse(wanted.Groups[2].Value) is 0 or > 1000)
        return Reply("Roll 1 to 20 dice of 1 to 1000 sides, like this: /roll 2d6");

    var sides = int.Parse(wanted.Groups[2].Value);
    var rolls = Enumerable.Range(0, count).Select(_ => Random.Shared.Next(sides) + 1).ToList();
    var sum = count == 1 ? $"{rolls[0]}" : $"{string.Join(" + ", rolls)} = {rolls.Sum()}";
    return Announce($"{call.Nick} rolls {count}d{sides}: {sum}");
});
