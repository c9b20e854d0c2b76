#include "support/memory_fixture.h"

int main(void)
{
    struct memory_fixture memory;
    struct log_fixture fixture = memory_fixture_init(&memory);
    return log_contract_run("memory log keeps the log's contract", &fixture);
}
