#include "ops/service.h"

int main(int argc, char **argv)
{
    return service_main(&incentives_stage, argc, argv);
}
