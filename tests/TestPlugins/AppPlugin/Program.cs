Console.WriteLine(Shared.Library.Greeting.Text);
