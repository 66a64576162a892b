"""What processes of a world do together, checked in each of them; run by test_distributed.py under torchrun."""

import torch
from torch import nn

from training.run.distributed import join_world, synchronize_batch_norm


def main() -> None:
    with join_world("cpu") as world:
        assert world.size == 2 and world.main == (world.rank == 0)
        assert world.sum(torch.tensor([1.0, world.rank])).tolist() == [2.0, 1.0]
        assert world.gather(torch.full((world.rank * 2, 3), 7)).tolist() == [[7] * 3] * 2  # nothing from the first
        assert world.share(torch.arange(6)).tolist() == [3 * world.rank + i for i in range(3)]

        torch.manual_seed(0)
        whole = torch.randn(6, 4, 5, 5) * 3 + 40  # a mean far from zero
        network = nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4, affine=False), nn.Conv2d(4, 2, 3))
        expected = nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4, affine=False), nn.Conv2d(4, 2, 3))
        expected.load_state_dict(network.state_dict())
        synchronize_batch_norm(network, world)

        part, everything = world.share(whole).clone().requires_grad_(), whole.clone().requires_grad_()
        output, reference = network(part), expected(everything)
        torch.testing.assert_close(output, world.share(reference), rtol=1e-4, atol=1e-4)
        output.tanh().mean().backward()  # the mean over processes is the mean over the whole batch
        reference.tanh().mean().backward()
        world.average_gradients(network.parameters())
        assert part.grad is not None and everything.grad is not None
        for own, other in zip(network.parameters(), expected.parameters(), strict=True):
            torch.testing.assert_close(own.grad, other.grad, rtol=1e-4, atol=1e-6)
        torch.testing.assert_close(part.grad / world.size, world.share(everything.grad), rtol=1e-4, atol=1e-7)
        for name, value in expected.state_dict().items():
            torch.testing.assert_close(network.state_dict()[name], value, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(network.eval()(part), world.share(expected.eval()(everything)), rtol=1e-4, atol=1e-4)
        world.barrier()
        print(f"process {world.rank} is content")


if __name__ == "__main__":
    main()
