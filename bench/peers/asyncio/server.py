"""The chat server of the tutorials: each line goes to every writer. python3 server.py PORT [uvloop]"""
import asyncio
import sys

writers = set()


async def talk(reader, writer):
    writers.add(writer)
    try:
        while line := await reader.readline():
            for each in writers:
                each.write(line)
    except (ConnectionError, ValueError):
        pass
    finally:
        writers.discard(writer)
        writer.close()


async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    async with server:
        await server.serve_forever()


if "uvloop" in sys.argv[2:]:
    import uvloop
    uvloop.install()
asyncio.run(main())
