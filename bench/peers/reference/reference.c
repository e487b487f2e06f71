/* The practical limit: the least a server can do to give each line to everyone in its room.
 *
 *   reference batched|naive PORT [BACKLOG]
 *
 * batched  takes in what all clients have sent, then makes one send for each member with everything new in its room
 * naive    makes one send for each member and each line
 *
 * Everybody starts in room 0 and "/join r7" moves to room 7; all other lines go out unchanged, to who sent them too. What a
 * client's socket does not take waits in memory; a client that is owed more than BACKLOG bytes (1 MiB) is closed.
 * One thread, on 127.0.0.1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOMS = 65536, READY = 1024, LONGEST_LINE = 65536, INPUT = 256 * 1024 };

struct bytes {
    char *data;
    size_t length, capacity;
};

struct client {
    int socket, room, seat;       /* seat: its place among the room's members */
    bool gone, waits_to_write;
    struct bytes begun, owed;     /* the begin of a line; what the socket has not taken */
    size_t paid;                  /* so many of the owed bytes are sent */
    struct client *next_gone;
};

struct room {
    struct client **members;
    int count, capacity;
    struct bytes fresh;           /* the lines of this round */
};

static struct room rooms[ROOMS];
static struct client *all_gone;
static int busy[ROOMS], busy_count;
static int poller;
static bool batched;
static size_t backlog = 1 << 20;

static void *grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (!memory) {
        fprintf(stderr, "reference: out of memory\n");
        exit(1);
    }
    return memory;
}

static void append(struct bytes *to, const char *data, size_t length)
{
    if (to->length + length > to->capacity) {
        to->capacity = 2 * (to->length + length);
        to->data = grow(to->data, to->capacity);
    }
    memcpy(to->data + to->length, data, length);
    to->length += length;
}

static void release(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

static void enter(struct client *client, int number)
{
    struct room *room = &rooms[number];
    if (room->count == room->capacity) {
        room->capacity = room->capacity ? 2 * room->capacity : 8;
        room->members = grow(room->members, room->capacity * sizeof *room->members);
    }
    client->room = number;
    client->seat = room->count;
    room->members[room->count++] = client;
}

static void leave(struct client *client)
{
    struct room *room = &rooms[client->room];
    struct client *last = room->members[--room->count];
    room->members[client->seat] = last;
    last->seat = client->seat;
}

/* Its memory stays until the end of the round: an event or a room may still point to it. */
static void drop(struct client *client)
{
    if (client->gone)
        return;
    client->gone = true;
    client->next_gone = all_gone;
    all_gone = client;
}

static void bury(void)
{
    while (all_gone) {
        struct client *client = all_gone;
        all_gone = client->next_gone;
        leave(client);
        close(client->socket);
        release(&client->begun);
        release(&client->owed);
        free(client);
    }
}

static void wait_to_write(struct client *client, bool wait)
{
    if (client->waits_to_write == wait)
        return;
    client->waits_to_write = wait;
    struct epoll_event event = {.events = wait ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_MOD, client->socket, &event);
}

/* How much the socket has taken. */
static size_t send_some(struct client *client, const char *data, size_t length)
{
    ssize_t sent = send(client->socket, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0)
        return (size_t)sent;
    if (errno != EAGAIN)
        drop(client);
    return 0;
}

static void deliver(struct client *client, const char *data, size_t length)
{
    if (client->gone)
        return;
    size_t sent = client->owed.length ? 0 : send_some(client, data, length);
    if (sent == length || client->gone)
        return;
    if (client->owed.length - client->paid + length - sent > backlog) {
        drop(client);
        return;
    }
    if (client->paid) {
        client->owed.length -= client->paid;
        memmove(client->owed.data, client->owed.data + client->paid, client->owed.length);
        client->paid = 0;
    }
    append(&client->owed, data + sent, length - sent);
    wait_to_write(client, true);
}

static void pay(struct client *client)
{
    client->paid += send_some(client, client->owed.data + client->paid, client->owed.length - client->paid);
    if (client->gone || client->paid < client->owed.length)
        return;
    release(&client->owed);
    client->paid = 0;
    wait_to_write(client, false);
}

static void take_line(struct client *client, const char *line, size_t length)
{
    static const char join[] = "/join ";
    if (length >= sizeof join && !memcmp(line, join, sizeof join - 1)) {
        size_t digit = sizeof join - 1;
        while (digit < length && (line[digit] < '0' || line[digit] > '9'))
            digit++;
        leave(client);
        enter(client, digit < length ? (int)(strtoul(line + digit, NULL, 10) % ROOMS) : 0);
        return;
    }

    struct room *room = &rooms[client->room];
    if (!batched) {
        for (int i = 0; i < room->count; i++)
            deliver(room->members[i], line, length);
        return;
    }
    if (!room->fresh.length)
        busy[busy_count++] = client->room;
    append(&room->fresh, line, length);
}

static void take_input(struct client *client)
{
    static char input[INPUT];
    size_t begun = client->begun.length;
    if (begun)
        memcpy(input, client->begun.data, begun);
    ssize_t received = recv(client->socket, input + begun, sizeof input - begun, MSG_DONTWAIT);
    if (received <= 0) {
        if (received == 0 || errno != EAGAIN)
            drop(client);
        return;
    }

    char *line = input, *end = input + begun + received, *feed;
    while ((feed = memchr(line, '\n', (size_t)(end - line)))) {
        take_line(client, line, (size_t)(feed + 1 - line));
        line = feed + 1;
    }
    client->begun.length = 0;
    if (end - line > LONGEST_LINE)
        drop(client);
    else if (end > line)
        append(&client->begun, line, (size_t)(end - line));
}

static void give_out(void)
{
    while (busy_count) {
        struct room *room = &rooms[busy[--busy_count]];
        for (int i = 0; i < room->count; i++)
            deliver(room->members[i], room->fresh.data, room->fresh.length);
        room->fresh.length = 0;
    }
}

static void accept_all(int listener)
{
    int accepted, on = 1;
    while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *client = grow(NULL, sizeof *client);
        *client = (struct client){.socket = accepted};
        enter(client, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        epoll_ctl(poller, EPOLL_CTL_ADD, accepted, &event);
    }
}

static int listen_on(int port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        fprintf(stderr, "reference: cannot listen on 127.0.0.1:%d: %s\n", port, strerror(errno));
        exit(1);
    }
    return listener;
}

int main(int argc, char **argv)
{
    if (argc < 3 || (strcmp(argv[1], "batched") && strcmp(argv[1], "naive"))) {
        fprintf(stderr, "usage: reference batched|naive PORT [BACKLOG]\n");
        return 2;
    }
    batched = !strcmp(argv[1], "batched");
    if (argc > 3)
        backlog = strtoul(argv[3], NULL, 10);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    int listener = listen_on(atoi(argv[2]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        static struct epoll_event events[READY];
        int ready = epoll_wait(poller, events, READY, -1);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!client) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT && !client->gone)
                pay(client);
            if (events[i].events & ~(uint32_t)EPOLLOUT && !client->gone)
                take_input(client);
        }
        give_out();
        bury();
    }
}
